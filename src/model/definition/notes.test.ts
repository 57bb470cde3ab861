import {expect} from 'chai'
import {WHOLE_DEFINITION} from '../../../test/support/whole-definition.js'
import {definitionNotes} from './notes.js'
import {checkDefinition} from './parse.js'

/** The notes of a definition of one container, as `path: said`. */
function notesOf(task: object, container: object = {}): readonly string[] {
  const containerDefinitions = [{name: 'web', image: 'nginx:1', memory: 64, ...container}]
  return checkDefinition({family: 'web', containerDefinitions, ...task}, 'web.json').notes.map(({path, said}) => `${path}: ${said}`)
}

describe('definitionNotes', () => {
  it('has nothing to say of a definition that means the same here', () => {
    const notes = notesOf(
      {volumes: [{name: 'v'}], ipcMode: 'task'},
      {logConfiguration: {logDriver: 'json-file'}, restartPolicy: {enabled: false}, secrets: [{name: 'A', valueFrom: 'env:A'}]},
    )

    expect(notes).to.deep.equal([])
  })

  it('has the same notes in the same order for the same document, the containers after the task', () => {
    const {document, notes} = checkDefinition(WHOLE_DEFINITION, 'whole.json')

    expect(definitionNotes(document)).to.deep.equal(notes)
    expect(notes.map(({path}) => path)).to.deep.equal([
      'cpu',
      'requiresCompatibilities',
      'placementConstraints',
      'runtimePlatform',
      'taskRoleArn',
      'executionRoleArn',
      'ephemeralStorage',
      'enableFaultInjection',
      'volumes[2].efsVolumeConfiguration',
      'volumes[2].efsVolumeConfiguration.transitEncryption',
      'containerDefinitions[0].image',
      'containerDefinitions[0].repositoryCredentials',
      'containerDefinitions[0].portMappings[0].name',
      'containerDefinitions[0].portMappings[0].appProtocol',
      'containerDefinitions[0].portMappings[1].containerPortRange',
      'containerDefinitions[0].restartPolicy',
      'containerDefinitions[0].environmentFiles[0]',
      'containerDefinitions[0].secrets[0]',
      'containerDefinitions[0].logConfiguration',
      'containerDefinitions[0].logConfiguration.secretOptions[0]',
      'containerDefinitions[0].firelensConfiguration',
      'containerDefinitions[0].resourceRequirements[0]',
      'containerDefinitions[0].linuxParameters.maxSwap',
      'containerDefinitions[0].versionConsistency',
      'containerDefinitions[1].logConfiguration',
    ])
  })

  it('says what a task size comes to', () => {
    expect(notesOf({cpu: '1536', memory: '1 GB'})).to.deep.equal([
      "cpu: Each container is capped at 1.5 cores (1536 CPU units): no cgroup of the task's own is made on the instance.",
      "memory: 1024 MiB is the limit of each container that has none of its own: no cgroup of the task's own is made.",
    ])
  })

  it('names what a run must say: the export of a file system, the source of a secret', () => {
    const volumes = [{name: 'v', efsVolumeConfiguration: {fileSystemId: 'fs-1'}}]

    expect(notesOf({volumes}, {secrets: [{name: 'PASSWORD', valueFrom: '/prod/password'}]})).to.deep.equal([
      'volumes[0].efsVolumeConfiguration: Mounted only where a run says which NFS export stands for it: --efs fs-1=nfs://SERVER/PATH.',
      'containerDefinitions[0].secrets[0]: A run says where its value is: --secret PASSWORD=SOURCE.',
    ])
  })

  it('names the file that stands for one of S3, and none for a path', () => {
    const environmentFiles = [
      {value: 'arn:aws:s3:::bucket/deep/web.env', type: 's3'},
      {value: 'local.env', type: 's3'},
    ]

    expect(notesOf({}, {environmentFiles})).to.deep.equal([
      `containerDefinitions[0].environmentFiles[0]: Read from the file "web.env" in the definition's folder: nothing is fetched from S3.`,
    ])
  })

  it('names group and stream that get nothing', () => {
    const options = {'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'blue'}

    expect(notesOf({}, {logConfiguration: {logDriver: 'awslogs', options}})[0]).to.include(
      `CloudWatch's group "/ecs/web", stream "blue/web/TASK-ID", gets nothing.`,
    )
  })

  it('says where a host port of awsvpc is not what ECS wants', () => {
    const notes = notesOf({networkMode: 'awsvpc'}, {portMappings: [{containerPort: 8080, hostPort: 80}]})

    expect(notes).to.have.lengthOf(2)
    expect(notes[0]).to.match(/^networkMode: The containers share one network namespace/)
    expect(notes[1]).to.match(/^containerDefinitions\[0\]\.portMappings\[0\]\.hostPort: Left to the engine/)
  })

  it('says which hosts run Windows containers', () => {
    const runtimePlatform = {operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE'}

    expect(notesOf({runtimePlatform})).to.deep.equal([
      'runtimePlatform: Kept; WINDOWS_SERVER_2022_CORE runs only on an instance whose engine runs Windows containers.',
    ])
  })
})
