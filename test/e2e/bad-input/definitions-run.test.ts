// Definitions that a host cannot run as they are and containers that are taken away: each is told, and what is left is exactly that.
import type {RunTaskResponse, Task} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import type {ContainerDefinition} from '../../../src/model/container-definition.js'
import type {TaskDefinitionDocument} from '../../../src/model/task-definition.js'
import {docker} from '../../support/hosts/engine.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {aScript, containerOf, Lives, lasting} from '../lifecycle/lives.js'
import {idOf, listenTo} from '../session/stage.js'

describe('task run, of what cannot be', function () {
  this.timeout(120_000)
  let lives: Lives

  before(async () => {
    lives = await Lives.open('web1')
  })

  after(() => lives.close())

  const host = () => lives.stage.host('web1')
  const volumes = async () =>
    (await docker(host(), 'volume', 'ls', '-q')).split('\n').filter((name) => name !== '' && !/^berth-(instance|record)-/.test(name))

  async function failed(
    family: string,
    containers: readonly ContainerDefinition[],
    said: Partial<TaskDefinitionDocument> = {},
  ): Promise<{
    readonly task: Task
    readonly error: {readonly code: string; readonly message: string}
  }> {
    const id = await lives.register({
      family,
      containerDefinitions: containers,
      ...said,
    })
    const ran = await lives.stage.session.berth('task', 'run', id, '--json')
    expect(ran.exitCode, ran.stdout).to.equal(7)
    const {error, tasks: [task] = []} = JSON.parse(ran.stdout) as RunTaskResponse & {error: {code: string; message: string}}
    if (!task) throw new Error('There is no task.')
    expect(task).to.include({
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
    })
    expect(await lives.seen(task, 'web1'), 'what is left on the host').to.deep.equal({})
    return {task, error}
  }

  it('a folder of the host over a file of the image', async () => {
    await docker(host(), 'run', '--rm', '-v', '/tmp:/host', 'busybox:test', 'mkdir', '-p', '/host/berth-a-folder')
    const {error} = await failed(
      'bind',
      [
        aScript('app', 'true', {
          mountPoints: [{sourceVolume: 'etc', containerPath: '/etc/passwd'}],
        }),
      ],
      {
        volumes: [{name: 'etc', host: {sourcePath: '/tmp/berth-a-folder'}}],
      },
    )

    expect(error.code).to.equal('CannotStartContainerError')
    expect(error.message).to.match(/not a directory/i)
  })

  it('a shared volume that is not there and may not be made, and one by a driver that is not there', async () => {
    const mounted = [
      aScript('app', 'true', {
        mountPoints: [{sourceVolume: 'berth-absent', containerPath: '/data'}],
      }),
    ]

    const absent = await failed('absent', mounted, {
      volumes: [
        {
          name: 'berth-absent',
          dockerVolumeConfiguration: {scope: 'shared'},
        },
      ],
    })
    expect(absent.error).to.include({code: 'CannotCreateVolumeError'})
    expect(absent.error.message).to.contain('"berth-absent" is not on the host')
    const driver = await failed('driver', mounted, {
      volumes: [
        {
          name: 'berth-absent',
          dockerVolumeConfiguration: {scope: 'task', driver: 'berth-none'},
        },
      ],
    })
    expect(driver.error).to.include({code: 'CannotCreateVolumeError'})
    expect(await volumes()).to.deep.equal([])
  })

  it('a shared volume that is there with other options is used as it is, and that is said', async () => {
    await docker(host(), 'volume', 'create', '--opt', 'type=tmpfs', '--opt', 'device=tmpfs', 'berth-other')
    const mounted = [
      aScript('app', 'exit 4', {
        mountPoints: [{sourceVolume: 'berth-other', containerPath: '/data'}],
      }),
    ]
    const shared = {
      scope: 'shared',
      autoprovision: true,
      driver: 'local',
      driverOpts: {type: 'none'},
    } as const
    const id = await lives.register({
      family: 'other',
      containerDefinitions: mounted,
      volumes: [{name: 'berth-other', dockerVolumeConfiguration: shared}],
    })

    const ran = await lives.stage.session.berth('task', 'run', id)

    expect(ran.exitCode).to.equal(4)
    expect(ran.stderr).to.contain('volume berth-other is there with another driver or other options; it is used as it is')
    await docker(host(), 'rm', '-f', ...(await lives.stage.containers('web1')))
    await docker(host(), 'volume', 'rm', 'berth-other')
  })

  it('volumes of the task’s own come and go with it, shared ones stay', async () => {
    const {task, exitCode} = await lives.live(
      'volumes',
      [
        aScript('app', 'test "$(cat /scratch/word)" = told && touch /kept/proof', {
          dependsOn: [{containerName: 'init', condition: 'SUCCESS'}],
          mountPoints: [
            {sourceVolume: 'scratch', containerPath: '/scratch'},
            {sourceVolume: 'berth-kept', containerPath: '/kept'},
          ],
        }),
        aScript('init', 'echo told > /scratch/word', {
          essential: false,
          mountPoints: [{sourceVolume: 'scratch', containerPath: '/scratch'}],
        }),
      ],
      {
        volumes: [
          {name: 'scratch'},
          {
            name: 'berth-kept',
            dockerVolumeConfiguration: {scope: 'shared', autoprovision: true},
          },
        ],
      },
      ['--rm'],
    )

    expect(exitCode).to.equal(0)
    expect(await lives.seen(task, 'web1')).to.deep.equal({})
    expect(await volumes()).to.deep.equal(['berth-kept'])
    await docker(host(), 'volume', 'rm', 'berth-kept')
  })

  it('a health check on what has stopped, and an environment file that is missing', async () => {
    const checked = await lives.live('stopped', [
      aScript('app', 'true', {
        dependsOn: [{containerName: 'once', condition: 'HEALTHY'}],
      }),
      aScript('once', 'exit 0', {
        essential: false,
        healthCheck: {command: ['CMD-SHELL', 'true']},
      }),
    ])
    expect(checked.exitCode).to.equal(7)
    expect(checked.task.stoppedReason).to.match(/TaskDependencyError: .*"once" exited 0, and HEALTHY was waited for/)

    const id = await lives.register({
      family: 'unfound',
      containerDefinitions: [
        aScript('app', 'true', {
          environmentFiles: [{value: 'none.env', type: 's3'}],
        }),
      ],
    })
    const before = await lives.stage.scene.facts()
    const ran = await lives.stage.session.berth('task', 'run', id, '--json')
    expect(ran.exitCode).to.equal(3)
    expect(JSON.parse(ran.stdout).error).to.include({
      code: 'EnvironmentFileNotFound',
    })
    expect(await lives.stage.scene.facts()).to.deep.equal(before)
  })

  it('ports that another task holds on its host: nothing is left of the second', async () => {
    const server = {portMappings: [{containerPort: 80, hostPort: 18_080}]}
    const first = await lives.launch('first', [aScript('app', lasting(), server)])

    const ran = await lives.stage.session.berth(
      'task',
      'run',
      await lives.register({
        family: 'second',
        containerDefinitions: [aScript('app', lasting(), server)],
      }),
      '--json',
    )
    expect(ran.exitCode).to.equal(5)
    expect(JSON.parse(ran.stdout).failures[0]).to.include({
      reason: 'RESOURCE:PORTS',
    })
    await lives.stage.session.text('task', 'stop', idOf(first), '--timeout', '1')
  })

  it('a container that somebody removes while its task runs', async () => {
    const running = listenTo(
      lives.stage.session.start([
        'task',
        'run',
        await lives.register({
          family: 'robbed',
          containerDefinitions: [aScript('app', `echo up; ${lasting()}`), aScript('side', lasting())],
        }),
        '--json',
      ]),
    )
    await waitUntil(
      'both to run',
      async () => (await docker(host(), 'ps', '-q', '--filter', 'label=berth.definition')).split('\n').filter(Boolean).length === 2,
    )
    const [app = ''] = (await docker(host(), 'ps', '-q', '--filter', 'label=berth.container=app')).split('\n')
    await docker(host(), 'rm', '-f', app)

    const {tasks: [task] = []} = JSON.parse((await running.ended).stdout) as RunTaskResponse
    expect(task).to.include({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
    })
    // It was killed before it was removed: which of the two is seen first is the engine's affair.
    const robbed = containerOf(task ?? {}, 'app')
    expect(robbed.reason?.split(':')[0] ?? robbed.exitCode).to.be.oneOf(['ContainerVanishedError', 137])
    expect(containerOf(task ?? {}, 'side').lastStatus).to.equal('STOPPED')
  })
})
