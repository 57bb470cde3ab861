import {expect} from 'chai'
import {aDefinition, aDocument, aState, aTask, anInstance, LONG_AGO} from '../../test/support/build.js'
import {taskJson} from './tasks.js'

const PREFIX = 'arn:aws:ecs:local:000000000000'

describe('taskJson', () => {
  const a = anInstance({builtInAttributes: {'ecs.availability-zone': 'home'}})
  const definition = aDefinition({document: aDocument({cpu: 10, memory: 64, memoryReservation: 32})})

  it("tells a stopped task in ECS's shape, as JSON, with times in ISO 8601", () => {
    const networkBindings = [{bindIP: '0.0.0.0', containerPort: 80, hostPort: 8080, protocol: 'tcp'}] as const
    const task = aTask({
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      startedBy: 'me',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      stoppedAt: '2026-01-02T03:04:06.123456789Z',
      override: {containerOverrides: [{name: 'web', cpu: 20, command: ['x']}]},
      containers: [
        {
          name: 'web',
          containerName: 'berth-1',
          image: 'web:1',
          lastStatus: 'STOPPED',
          runtimeId: 'r'.repeat(64),
          exitCode: 0,
          reason: 'why',
          networkBindings,
        },
      ],
    })

    expect(JSON.parse(JSON.stringify(taskJson(aState({instances: [a], definitions: [definition], tasks: [task]}), task)))).to.deep.equal({
      taskArn: `${PREFIX}:task/prod/${task.id}`,
      clusterArn: `${PREFIX}:cluster/prod`,
      containerInstanceArn: `${PREFIX}:container-instance/prod/${a.id}`,
      taskDefinitionArn: `${PREFIX}:task-definition/web:1`,
      group: 'family:web',
      launchType: 'EXTERNAL',
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      healthStatus: 'UNKNOWN',
      cpu: '0',
      memory: '64',
      containers: [
        {
          containerArn: `${PREFIX}:container/prod/${task.id}/web`,
          taskArn: `${PREFIX}:task/prod/${task.id}`,
          name: 'web',
          image: 'web:1',
          lastStatus: 'STOPPED',
          healthStatus: 'UNKNOWN',
          networkBindings,
          networkInterfaces: [],
          runtimeId: 'r'.repeat(64),
          exitCode: 0,
          reason: 'why',
          cpu: '20',
          memory: '64',
          memoryReservation: '32',
        },
      ],
      overrides: {containerOverrides: [{name: 'web', cpu: 20, command: ['x']}], inferenceAcceleratorOverrides: []},
      attributes: [],
      attachments: [],
      tags: [],
      enableExecuteCommand: false,
      version: 1,
      startedBy: 'me',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      connectivity: 'CONNECTED',
      availabilityZone: 'home',
      createdAt: LONG_AGO,
      stoppedAt: '2026-01-02T03:04:06.123Z',
    })
  })

  it('leaves out what has not happened', () => {
    expect(taskJson(aState({instances: [a]}), aTask())).not.to.have.any.keys(
      'stoppedAt',
      'stopCode',
      'stoppedReason',
      'startedAt',
      'startedBy',
      'pullStartedAt',
    )
    expect(taskJson(aState({instances: [a]}), aTask()).containers?.[0]).not.to.have.any.keys(
      'exitCode',
      'reason',
      'runtimeId',
      'imageDigest',
    )
  })

  it('tells a task whose instance and definition are gone', () => {
    const task = aTask()

    const json = taskJson(aState(), task)

    expect(json.containerInstanceArn).to.equal(`${PREFIX}:container-instance/prod/${task.instanceId}`)
    expect(json).not.to.have.any.keys('connectivity', 'availabilityZone')
    expect(json.containers?.[0]).not.to.have.any.keys('cpu', 'memory')
  })

  it('tells a task on a silent instance as disconnected', () => {
    expect(taskJson(aState({instances: [{...a, silentSince: LONG_AGO}]}), aTask()).connectivity).to.equal('DISCONNECTED')
  })
})
