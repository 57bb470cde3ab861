import {expect} from 'chai'
import {faultsOf} from '../../../test/support/definition-faults.js'
import {checkDefinition} from './parse.js'

type Fields = Readonly<Record<string, unknown>>

/** A definition of these containers; each is whole but for its fields. */
function definition(task: Fields, ...containers: readonly Fields[]): object {
  const whole = containers.map((fields, index) => ({name: `c${index}`, image: 'busybox:1', memory: 64, ...fields}))
  return {family: 'web', containerDefinitions: whole, ...task}
}

const FARGATE = {requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '256', memory: '512'}
const HOST = {networkMode: 'host'}
const AWSVPC = {networkMode: 'awsvpc'}
const C0 = 'containerDefinitions[0]'
const C1 = 'containerDefinitions[1]'

function ports(...portMappings: readonly object[]): Fields {
  return {portMappings}
}

function waitsFor(containerName: string, condition = 'START'): Fields {
  return {dependsOn: [{containerName, condition}]}
}

function mounts(...mountPoints: readonly object[]): Fields {
  return {mountPoints}
}

type Broken = readonly [name: string, document: unknown, path: string, rule: string]

const OF_THE_TASK: readonly Broken[] = [
  ['no object', [], '', 'must be an object'],
  ['no family', definition({family: undefined}, {}), 'family', 'is required'],
  ['a family with a space', definition({family: 'my web'}, {}), 'family', '1 to 255 letters'],
  ['no containers', definition({}), 'containerDefinitions', 'Container definitions should not be empty'],
  ['eleven containers', definition({}, ...Array.from({length: 11}, () => ({}))), 'containerDefinitions', 'at most 10'],
  ['no essential container', definition({}, {essential: false}), 'containerDefinitions', 'at least one essential'],
  ['a name twice', definition({}, {name: 'a'}, {name: 'a'}), `${C1}.name`, 'another container'],
  ['more than 64 KiB', definition({}, {command: ['x'.repeat(65_536)]}), '', "Max allowed length is '65536' bytes"],
  ['an unknown field', definition({}, {comand: ['date']}), `${C0}.comand`, 'the nearest is command'],
  ['an unknown field of the task', definition({Volumes: []}, {}), 'Volumes', 'the nearest is volumes'],
  ['CPU of no number', definition({cpu: 'much'}, {}), 'cpu', "Invalid 'cpu' setting for task"],
  ['CPU as a number', definition({cpu: 512}, {}), 'cpu', 'must be text'],
  ['too little CPU', definition({cpu: '127'}, {}), 'cpu', 'from 128 to 196608'],
  ['too much CPU', definition({cpu: '193 vCPU'}, {}), 'cpu', 'from 128 to 196608'],
  ['memory of no number', definition({memory: '1 TB'}, {}), 'memory', "Invalid 'memory' setting for task"],
  ['an unknown network mode', definition({networkMode: 'overlay'}, {}), 'networkMode', 'one of bridge, host, awsvpc, none'],
  [
    'eleven constraints',
    definition({placementConstraints: Array(11).fill({type: 'memberOf', expression: 'x'})}, {}),
    'placementConstraints',
    'at most 10',
  ],
  ['distinctInstance', definition({placementConstraints: [{type: 'distinctInstance'}]}, {}), 'placementConstraints[0].type', 'memberOf'],
  [
    'a constraint of nothing',
    definition({placementConstraints: [{type: 'memberOf'}]}, {}),
    'placementConstraints[0].expression',
    'is required',
  ],
  [
    'a long expression',
    definition({placementConstraints: [{type: 'memberOf', expression: 'x'.repeat(2001)}]}, {}),
    'placementConstraints[0].expression',
    'at most 2000',
  ],
  ['an empty list of tags', definition({tags: []}, {}), 'tags', 'Tags can not be empty'],
  ['51 tags', definition({tags: Array.from({length: 51}, (_, index) => ({key: `k${index}`}))}, {}), 'tags', 'at most 50'],
  ['a tag of AWS', definition({tags: [{key: 'aws:x', value: ''}]}, {}), 'tags[0].key', 'begins with aws:'],
  ['a tag twice', definition({tags: [{key: 'a'}, {key: 'a'}]}, {}), 'tags[1].key', 'another tag'],
  ['a tag with a star', definition({tags: [{key: 'a*'}]}, {}), 'tags[0].key', '1 to 128'],
  ['little storage', definition({ephemeralStorage: {sizeInGiB: 20}}, {}), 'ephemeralStorage.sizeInGiB', 'from 21 to 200'],
  ['a proxy', definition({proxyConfiguration: {containerName: 'envoy'}}, {}), 'proxyConfiguration', 'cannot be had'],
]

const OF_SIZES: readonly Broken[] = [
  ['no memory anywhere', definition({}, {memory: undefined}), `${C0}.memory`, 'the task has no memory'],
  ['memory of 0', definition({}, {memory: 0}), `${C0}.memory`, 'must be 6 or more MiB'],
  ['memory in quotes', definition({}, {memory: '64'}), `${C0}.memory`, 'not in quotes'],
  ['memory below its reservation', definition({}, {memoryReservation: 65}), `${C0}.memory`, 'greater than the memoryReservation of 65'],
  [
    'memory above the task',
    definition({memory: '32'}, {}),
    `${C0}.memory`,
    "The 'memory' setting for container is greater than for the task",
  ],
  [
    'a reservation above the task',
    definition({memory: '32'}, {memory: undefined, memoryReservation: 33}),
    `${C0}.memoryReservation`,
    'memory of the task',
  ],
  ['containers above the task together', definition({memory: '100'}, {}, {}), 'memory', 'less than the 128 MiB'],
  ['negative CPU', definition({}, {cpu: -1}), `${C0}.cpu`, 'from 0 to 262144'],
  ['Fargate without CPU', definition({...FARGATE, cpu: undefined}, {}), 'cpu', "Fargate requires that 'cpu' be defined at the task level"],
  ['Fargate without memory', definition({...FARGATE, memory: undefined}, {}), 'memory', "'memory' be defined at the task level"],
  ['a size Fargate has not', definition({...FARGATE, memory: '4 GB'}, {}), 'cpu', 'No Fargate configuration exists for given values'],
  ['containers above the CPU of Fargate', definition(FARGATE, {cpu: 200}, {cpu: 57}), 'cpu', '257 CPU units'],
  ['Fargate on a bridge', definition({...FARGATE, networkMode: undefined}, {}), 'networkMode', 'must be awsvpc'],
  ['Fargate in the processes of its host', definition({...FARGATE, pidMode: 'host'}, {}), 'pidMode', 'must be task'],
  [
    'Fargate with constraints',
    definition({...FARGATE, placementConstraints: [{type: 'memberOf', expression: 'x'}]}, {}),
    'placementConstraints',
    'Fargate',
  ],
  ['Fargate with privileges', definition(FARGATE, {privileged: true}), `${C0}.privileged`, 'Fargate'],
  [
    'Fargate with a capability',
    definition(FARGATE, {linuxParameters: {capabilities: {add: ['NET_ADMIN']}}}),
    `${C0}.linuxParameters.capabilities.add[0]`,
    'SYS_PTRACE',
  ],
  [
    'Fargate with a device',
    definition(FARGATE, {linuxParameters: {devices: [{hostPath: '/dev/fuse'}]}}),
    `${C0}.linuxParameters.devices`,
    'Fargate',
  ],
  [
    'Fargate with a folder of its host',
    definition({...FARGATE, volumes: [{name: 'v', host: {sourcePath: '/v'}}]}, {}),
    'volumes[0].host.sourcePath',
    'Fargate',
  ],
  [
    'Fargate with json-file',
    definition(FARGATE, {logConfiguration: {logDriver: 'json-file'}}),
    `${C0}.logConfiguration.logDriver`,
    'one of awslogs, splunk, awsfirelens',
  ],
  ['Fargate with a long stop', definition(FARGATE, {stopTimeout: 121}), `${C0}.stopTimeout`, 'from 2 to 120'],
]

const OF_NETWORKS: readonly Broken[] = [
  ['ports without a network', definition({networkMode: 'none'}, ports({containerPort: 80})), `${C0}.portMappings`, 'network mode none'],
  ['links in awsvpc', definition(AWSVPC, {}, {links: ['c0']}), `${C1}.links`, 'network mode bridge'],
  ['a host name in awsvpc', definition(AWSVPC, {hostname: 'web'}), `${C0}.hostname`, 'must be absent'],
  ['name servers in awsvpc', definition(AWSVPC, {dnsServers: ['1.1.1.1']}), `${C0}.dnsServers`, 'must be absent'],
  ['hosts in awsvpc', definition(AWSVPC, {extraHosts: [{hostname: 'db', ipAddress: '10.0.0.1'}]}), `${C0}.extraHosts`, 'must be absent'],
  ['a mapping of no port', definition({}, ports({hostPort: 80})), `${C0}.portMappings[0].containerPort`, 'is required'],
  ['a port too high', definition({}, ports({containerPort: 65_536})), `${C0}.portMappings[0].containerPort`, 'from 1 to 65535'],
  ['a port in quotes', definition({}, ports({containerPort: '80'})), `${C0}.portMappings[0].containerPort`, 'not in quotes'],
  [
    'another host port on the host',
    definition(HOST, ports({containerPort: 80, hostPort: 81})),
    `${C0}.portMappings[0].hostPort`,
    'must be 80',
  ],
  [
    'a container port twice',
    definition({}, ports({containerPort: 80}, {containerPort: 80, protocol: 'udp'})),
    `${C0}.portMappings[1].containerPort`,
    'mapped once',
  ],
  [
    'a host port twice',
    definition({}, ports({containerPort: 80, hostPort: 80}), ports({containerPort: 81, hostPort: 80})),
    `${C1}.portMappings[0].hostPort`,
    'another mapping of the task',
  ],
  [
    'a port of two containers on the host',
    definition(HOST, ports({containerPort: 80}), ports({containerPort: 80})),
    `${C1}.portMappings[0].containerPort`,
    'share their ports',
  ],
  [
    'a port of two containers in awsvpc',
    definition(AWSVPC, ports({containerPort: 80}), ports({containerPort: 80})),
    `${C1}.portMappings[0].containerPort`,
    'share their ports',
  ],
  [
    'a range upside down',
    definition({}, ports({containerPortRange: '90-80'})),
    `${C0}.portMappings[0].containerPortRange`,
    'the lower first',
  ],
  [
    'a range on the host',
    definition(HOST, ports({containerPortRange: '80-90'})),
    `${C0}.portMappings[0].containerPortRange`,
    'bridge and awsvpc',
  ],
  [
    'a range with a host port',
    definition({}, ports({containerPortRange: '80-90', hostPort: 80})),
    `${C0}.portMappings[0].hostPort`,
    'the engine chooses',
  ],
  [
    'ranges that overlap',
    definition({}, ports({containerPortRange: '80-90'}, {containerPortRange: '90-99'})),
    `${C0}.portMappings[1].containerPortRange`,
    'mapped once',
  ],
  [
    '101 ranges',
    definition({}, ports(...Array.from({length: 101}, (_, i) => ({containerPortRange: `${2 * i + 1}-${2 * i + 2}`})))),
    `${C0}.portMappings`,
    'at most 100',
  ],
  ['a port with a name in capitals', definition({}, ports({containerPort: 80, name: 'HTTP'})), `${C0}.portMappings[0].name`, 'lower-case'],
  [
    'a setting of no namespace',
    definition({}, {systemControls: [{namespace: 'vm.swappiness', value: '1'}]}),
    `${C0}.systemControls[0].namespace`,
    'net.',
  ],
  [
    'a network setting on the host',
    definition(HOST, {systemControls: [{namespace: 'net.core.somaxconn', value: '1'}]}),
    `${C0}.systemControls[0].namespace`,
    'the instance itself',
  ],
  [
    'an IPC setting on the host',
    definition({ipcMode: 'host'}, {systemControls: [{namespace: 'kernel.sem', value: '1'}]}),
    `${C0}.systemControls[0].namespace`,
    'the instance itself',
  ],
]

const OF_ORDER: readonly Broken[] = [
  [
    'an unknown dependency',
    definition({}, waitsFor('db')),
    `${C0}.dependsOn[0].containerName`,
    'names no container of this task: there is "c0"',
  ],
  ['itself as dependency', definition({}, waitsFor('c0')), `${C0}.dependsOn[0].containerName`, 'the container itself'],
  ['a circle', definition({}, waitsFor('c1'), waitsFor('c0')), `${C1}.dependsOn[0].containerName`, '"c0" waits for "c1" waits for "c0"'],
  ['a circle by way of a link', definition({}, {links: ['c1']}, waitsFor('c0')), `${C1}.dependsOn[0].containerName`, 'closes a circle'],
  [
    'a circle by way of volumes',
    definition({}, waitsFor('c1'), {volumesFrom: [{sourceContainer: 'c0'}]}),
    `${C1}.volumesFrom[0].sourceContainer`,
    'closes a circle',
  ],
  ['health without a check', definition({}, waitsFor('c1', 'HEALTHY'), {}), `${C0}.dependsOn[0].condition`, 'no health check'],
  [
    'health with the check NONE',
    definition({}, waitsFor('c1', 'HEALTHY'), {healthCheck: {command: ['NONE']}}),
    `${C0}.dependsOn[0].condition`,
    'no health check',
  ],
  [
    'the end of an essential container',
    definition({}, waitsFor('c1', 'COMPLETE'), {}),
    `${C0}.dependsOn[0].condition`,
    '"c1" is essential',
  ],
  [
    'the success of an essential container',
    definition({}, waitsFor('c1', 'SUCCESS'), {essential: true}),
    `${C0}.dependsOn[0].condition`,
    '"c1" is essential',
  ],
  [
    'the health of what must have exited',
    definition(
      {},
      {
        dependsOn: [
          {containerName: 'c1', condition: 'HEALTHY'},
          {containerName: 'c1', condition: 'SUCCESS'},
        ],
      },
      {essential: false, healthCheck: {command: ['CMD', 'true']}},
    ),
    `${C0}.dependsOn[0].condition`,
    'to have exited',
  ],
  ['an unknown condition', definition({}, waitsFor('c1', 'READY'), {}), `${C0}.dependsOn[0].condition`, 'one of START'],
  ['a link to nothing', definition({}, {links: ['db:database']}), `${C0}.links[0]`, 'names no container'],
  ['a link of three parts', definition({}, {}, {links: ['c0:a:b']}), `${C1}.links[0]`, 'name:alias'],
  [
    'volumes of nobody',
    definition({}, {volumesFrom: [{sourceContainer: 'db'}]}),
    `${C0}.volumesFrom[0].sourceContainer`,
    'names no container',
  ],
]

const OF_PROGRAMS: readonly Broken[] = [
  ['a health check without command', definition({}, {healthCheck: {}}), `${C0}.healthCheck.command`, 'is required'],
  ['a health check of nothing', definition({}, {healthCheck: {command: []}}), `${C0}.healthCheck.command`, 'has no program'],
  ['a health check of CMD alone', definition({}, {healthCheck: {command: ['CMD-SHELL']}}), `${C0}.healthCheck.command`, 'has no program'],
  ['NONE with a program', definition({}, {healthCheck: {command: ['NONE', 'x']}}), `${C0}.healthCheck.command`, 'NONE alone'],
  [
    'a hasty health check',
    definition({}, {healthCheck: {command: ['CMD', 'x'], interval: 4}}),
    `${C0}.healthCheck.interval`,
    'from 5 to 300 seconds',
  ],
  [
    'a health check of eleven tries',
    definition({}, {healthCheck: {command: ['CMD', 'x'], retries: 11}}),
    `${C0}.healthCheck.retries`,
    'from 1 to 10',
  ],
  ['no time to start', definition({}, {startTimeout: 0}), `${C0}.startTimeout`, 'from 1'],
  ['a negative stop', definition({}, {stopTimeout: -1}), `${C0}.stopTimeout`, 'from 0'],
  [
    'hasty restarts',
    definition({}, {restartPolicy: {enabled: true, restartAttemptPeriod: 59}}),
    `${C0}.restartPolicy.restartAttemptPeriod`,
    'from 60 to 1800',
  ],
  [
    '51 ignored codes',
    definition({}, {restartPolicy: {enabled: true, ignoredExitCodes: Array(51).fill(1)}}),
    `${C0}.restartPolicy.ignoredExitCodes`,
    '51 exit codes',
  ],
  [
    'a variable without a name',
    definition({}, {environment: [{name: '', value: 'x'}]}),
    `${C0}.environment[0].name`,
    'the name of a variable',
  ],
  [
    'a secret that is a variable',
    definition({}, {environment: [{name: 'A', value: 'x'}], secrets: [{name: 'A', valueFrom: 'env:A'}]}),
    `${C0}.secrets[0].name`,
    'of environment already',
  ],
  [
    'a secret twice',
    definition(
      {},
      {
        secrets: [
          {name: 'A', valueFrom: 'env:A'},
          {name: 'A', valueFrom: 'env:B'},
        ],
      },
    ),
    `${C0}.secrets[1].name`,
    'another secret',
  ],
  [
    'a secret from nowhere',
    definition({}, {secrets: [{name: 'A', valueFrom: 'vault:a'}]}),
    `${C0}.secrets[0].valueFrom`,
    'must be env:NAME',
  ],
  [
    'an env file of another name',
    definition({}, {environmentFiles: [{value: 'arn:aws:s3:::b/web.txt', type: 's3'}]}),
    `${C0}.environmentFiles[0].value`,
    '.env',
  ],
  [
    'an env file of another type',
    definition({}, {environmentFiles: [{value: 'web.env', type: 'file'}]}),
    `${C0}.environmentFiles[0].type`,
    'must be s3',
  ],
  [
    'eleven env files',
    definition({}, {environmentFiles: Array(11).fill({value: 'a.env', type: 's3'})}),
    `${C0}.environmentFiles`,
    'at most 10',
  ],
  [
    'an unknown log driver',
    definition({}, {logConfiguration: {logDriver: 'loki'}}),
    `${C0}.logConfiguration.logDriver`,
    'one of awsfirelens',
  ],
  [
    'awslogs without a group',
    definition({}, {logConfiguration: {logDriver: 'awslogs', options: {'awslogs-region': 'x'}}}),
    `${C0}.logConfiguration.options["awslogs-group"]`,
    'is required',
  ],
]

const OF_HOSTS: readonly Broken[] = [
  [
    'an unknown volume',
    definition({}, mounts({sourceVolume: 'v', containerPath: '/v'})),
    `${C0}.mountPoints[0].sourceVolume`,
    'names no volume',
  ],
  [
    'a mount on a relative path',
    definition({volumes: [{name: 'v'}]}, mounts({sourceVolume: 'v', containerPath: 'v'})),
    `${C0}.mountPoints[0].containerPath`,
    'absolute path below /',
  ],
  [
    'a mount on /',
    definition({volumes: [{name: 'v'}]}, mounts({sourceVolume: 'v', containerPath: '/'})),
    `${C0}.mountPoints[0].containerPath`,
    'absolute path below /',
  ],
  [
    'two mounts on one path',
    definition({volumes: [{name: 'v'}]}, mounts({sourceVolume: 'v', containerPath: '/v'}, {sourceVolume: 'v', containerPath: '/v'})),
    `${C0}.mountPoints[1].containerPath`,
    'already',
  ],
  ['a volume twice', definition({volumes: [{name: 'v'}, {name: 'v'}]}, {}), 'volumes[1].name', 'another volume'],
  [
    'a volume of two sources',
    definition({volumes: [{name: 'v', host: {sourcePath: '/v'}, dockerVolumeConfiguration: {}}]}, {}),
    'volumes[0]',
    'more than one source',
  ],
  [
    'a folder by a relative path',
    definition({volumes: [{name: 'v', host: {sourcePath: './v'}}]}, {}),
    'volumes[0].host.sourcePath',
    'absolute path',
  ],
  [
    'a task volume that provisions itself',
    definition({volumes: [{name: 'v', dockerVolumeConfiguration: {autoprovision: true}}]}, {}),
    'volumes[0].dockerVolumeConfiguration.autoprovision',
    'scope shared',
  ],
  [
    'an access point with a root',
    definition(
      {
        volumes: [
          {
            name: 'v',
            efsVolumeConfiguration: {
              fileSystemId: 'fs-1',
              rootDirectory: '/a',
              transitEncryption: 'ENABLED',
              authorizationConfig: {accessPointId: 'fsap-1'},
            },
          },
        ],
      },
      {},
    ),
    'volumes[0].efsVolumeConfiguration.rootDirectory',
    'access point',
  ],
  [
    'FSx',
    definition({volumes: [{name: 'v', fsxWindowsFileServerVolumeConfiguration: {}}]}, {}),
    'volumes[0].fsxWindowsFileServerVolumeConfiguration',
    'cannot be had',
  ],
  [
    'S3 Files',
    definition({volumes: [{name: 'v', s3filesVolumeConfiguration: {}}]}, {}),
    'volumes[0].s3filesVolumeConfiguration',
    'cannot be had',
  ],
  [
    'a volume of launch time',
    definition({volumes: [{name: 'v', configuredAtLaunch: true}]}, {}),
    'volumes[0].configuredAtLaunch',
    'cannot be had',
  ],
  ['credential specs', definition({}, {credentialSpecs: ['credentialspec:x']}), `${C0}.credentialSpecs`, 'cannot be had'],
  ['an unknown limit', definition({}, {ulimits: [{name: 'files', softLimit: 1, hardLimit: 1}]}), `${C0}.ulimits[0].name`, 'one of core'],
  [
    'a soft limit above the hard one',
    definition({}, {ulimits: [{name: 'nofile', softLimit: 2, hardLimit: 1}]}),
    `${C0}.ulimits[0].softLimit`,
    'hardLimit of 1',
  ],
  [
    'an unknown capability',
    definition({}, {linuxParameters: {capabilities: {add: ['FLY']}}}),
    `${C0}.linuxParameters.capabilities.add[0]`,
    'one of ALL',
  ],
  ['swappiness above 100', definition({}, {linuxParameters: {swappiness: 101}}), `${C0}.linuxParameters.swappiness`, 'from 0 to 100'],
  [
    'a security option of Docker alone',
    definition({}, {dockerSecurityOptions: ['seccomp=unconfined']}),
    `${C0}.dockerSecurityOptions[0]`,
    'no-new-privileges',
  ],
  [
    'a credential spec as security option',
    definition({}, {dockerSecurityOptions: ['credentialspec:x']}),
    `${C0}.dockerSecurityOptions[0]`,
    'cannot be had',
  ],
  [
    'half a GPU',
    definition({}, {resourceRequirements: [{type: 'GPU', value: '0.5'}]}),
    `${C0}.resourceRequirements[0].value`,
    'a number of GPUs',
  ],
  [
    'a shared GPU',
    definition({}, {resourceRequirements: [{type: 'GPU', value: '1', sharingStrategy: {}}]}),
    `${C0}.resourceRequirements[0].sharingStrategy`,
    'cannot be had',
  ],
  [
    'a Neuron device',
    definition({}, {resourceRequirements: [{type: 'NeuronDevice', value: 'ALL'}]}),
    `${C0}.resourceRequirements[0].type`,
    'cannot be had',
  ],
]

describe('checkDefinition', () => {
  for (const [table, rows] of Object.entries({OF_THE_TASK, OF_SIZES, OF_NETWORKS, OF_ORDER, OF_PROGRAMS, OF_HOSTS}))
    describe(`refuses ${table.toLowerCase().replaceAll('_', ' ').replace('of', 'what is wrong')}`, () => {
      for (const [name, document, path, rule] of rows)
        it(name, () => {
          const faults = faultsOf(() => checkDefinition(document, 'web.json'))

          expect(
            faults.map((fault) => fault.path),
            'no fault but this',
          ).to.deep.equal([path])
          expect(faults[0]?.rule).to.include(rule)
        })
    })
})
