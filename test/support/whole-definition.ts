// A definition that says all that one can say at once: every field that is honoured or noted.

const LOG_SECRET = {name: 'splunk-token', valueFrom: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:splunk'}

const WEB = {
  name: 'web',
  image: '{{image}}',
  repositoryCredentials: {credentialsParameter: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:registry'},
  cpu: 256,
  memoryReservation: 64,
  links: ['db:database'],
  portMappings: [
    {containerPort: 80, hostPort: 8080, protocol: 'tcp', name: 'http', appProtocol: 'http'},
    {containerPortRange: '9000-9010', protocol: 'udp'},
  ],
  essential: true,
  restartPolicy: {enabled: true, ignoredExitCodes: [0, 143], restartAttemptPeriod: 60},
  entryPoint: ['/bin/web'],
  command: ['--port', '80'],
  environment: [{name: 'MODE', value: ''}],
  environmentFiles: [{value: 'arn:aws:s3:::bucket/deep/web.env', type: 's3'}],
  secrets: [{name: 'PASSWORD', valueFrom: 'db-password'}],
  mountPoints: [{sourceVolume: 'files', containerPath: '/files', readOnly: true}],
  volumesFrom: [{sourceContainer: 'db', readOnly: true}],
  linuxParameters: {
    capabilities: {add: ['NET_ADMIN'], drop: ['ALL']},
    devices: [{hostPath: '/dev/fuse', containerPath: '/dev/fuse', permissions: ['read', 'write']}],
    initProcessEnabled: true,
    sharedMemorySize: 64,
    tmpfs: [{containerPath: '/scratch', size: 16, mountOptions: ['noexec', 'mode=1777']}],
    maxSwap: 0,
    swappiness: 10,
  },
  dependsOn: [{containerName: 'db', condition: 'HEALTHY'}],
  startTimeout: 60,
  stopTimeout: 10,
  versionConsistency: 'enabled',
  hostname: 'web',
  user: '1000:1000',
  workingDirectory: '/srv',
  disableNetworking: false,
  privileged: false,
  readonlyRootFilesystem: true,
  dnsServers: ['1.1.1.1'],
  dnsSearchDomains: ['example'],
  extraHosts: [{hostname: 'gateway', ipAddress: '10.0.0.1'}],
  dockerSecurityOptions: ['no-new-privileges', 'label:type:web_t'],
  interactive: false,
  pseudoTerminal: true,
  dockerLabels: {team: 'web'},
  ulimits: [{name: 'nofile', softLimit: 1024, hardLimit: 4096}],
  logConfiguration: {logDriver: 'splunk', options: {'splunk-url': 'https://splunk.example'}, secretOptions: [LOG_SECRET]},
  systemControls: [{namespace: 'net.core.somaxconn', value: '1024'}],
  resourceRequirements: [{type: 'GPU', value: 'ALL'}],
  firelensConfiguration: {type: 'fluentbit', options: {'enable-ecs-log-metadata': 'true'}},
}

const DB = {
  name: 'db',
  image: 'postgres:17',
  memory: 128,
  healthCheck: {command: ['CMD', 'pg_isready'], interval: 10, timeout: 5, retries: 5, startPeriod: 10},
  logConfiguration: {logDriver: 'awslogs', options: {'awslogs-group': '/ecs/db', 'awslogs-region': 'eu-west-1'}},
}

const VOLUMES = [
  {name: 'files', host: {sourcePath: '/srv/files'}},
  {
    name: 'cache',
    dockerVolumeConfiguration: {scope: 'shared', autoprovision: true, driver: 'local', driverOpts: {type: 'tmpfs'}, labels: {team: 'web'}},
  },
  {
    name: 'shared',
    efsVolumeConfiguration: {
      fileSystemId: 'fs-1',
      rootDirectory: '/',
      transitEncryption: 'ENABLED',
      transitEncryptionPort: 2049,
      authorizationConfig: {accessPointId: 'fsap-1', iam: 'ENABLED'},
    },
  },
]

/** As it is registered: parsing it changes nothing. Without a memory of the task's own, beside which `maxSwap` has an effect. */
export const WHOLE_DEFINITION = {
  family: 'whole',
  containerDefinitions: [WEB, DB],
  cpu: '512',
  networkMode: 'bridge',
  requiresCompatibilities: ['EC2', 'EXTERNAL'],
  taskRoleArn: 'arn:aws:iam::111111111111:role/web',
  executionRoleArn: 'arn:aws:iam::111111111111:role/ecsTaskExecutionRole',
  volumes: VOLUMES,
  placementConstraints: [{type: 'memberOf', expression: 'attribute:disk == ssd'}],
  pidMode: 'task',
  ipcMode: 'none',
  runtimePlatform: {cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX'},
  ephemeralStorage: {sizeInGiB: 21},
  enableFaultInjection: true,
} as const

export const WHOLE_TAGS = [{key: 'team', value: 'web'}] as const
