// Every field that a task definition may have, by what becomes of it: a list each, so that none is dropped in silence.
// `[]` stands for any index. The fields of an object are listed, not the object.

const OF_CONTAINERS = (names: readonly string[]) => names.map((name) => `containerDefinitions[].${name}`)

/** The code that runs tasks reads them, as ECS would. */
export const HONOURED: readonly string[] = [
  ...['family', 'ipcMode', 'networkMode', 'pidMode', 'tags[].key', 'tags[].value'],
  ...['volumes[].host.sourcePath', 'volumes[].name'],
  ...['autoprovision', 'driver', 'driverOpts', 'labels', 'scope'].map((name) => `volumes[].dockerVolumeConfiguration.${name}`),
  ...OF_CONTAINERS([
    ...['name', 'essential', 'cpu', 'memory', 'memoryReservation', 'command', 'entryPoint', 'environment[].name', 'environment[].value'],
    ...['environmentFiles[].type', 'secrets[].name', 'interactive', 'pseudoTerminal', 'user', 'workingDirectory', 'links[]', 'hostname'],
    ...['portMappings[].containerPort', 'portMappings[].hostPort', 'portMappings[].protocol', 'dnsServers[]', 'dnsSearchDomains[]'],
    ...['extraHosts[].hostname', 'extraHosts[].ipAddress', 'disableNetworking', 'privileged', 'readonlyRootFilesystem', 'dockerLabels'],
    ...['dockerSecurityOptions[]', 'systemControls[].namespace', 'systemControls[].value', 'startTimeout', 'stopTimeout'],
    ...['ulimits[].name', 'ulimits[].softLimit', 'ulimits[].hardLimit', 'dependsOn[].containerName', 'dependsOn[].condition'],
    ...['mountPoints[].sourceVolume', 'mountPoints[].containerPath', 'mountPoints[].readOnly'],
    ...['volumesFrom[].sourceContainer', 'volumesFrom[].readOnly', 'resourceRequirements[].type'],
    ...['command[]', 'interval', 'timeout', 'retries', 'startPeriod'].map((name) => `healthCheck.${name}`),
    ...['capabilities.add[]', 'capabilities.drop[]', 'initProcessEnabled', 'sharedMemorySize', 'swappiness'].map(linux),
    ...['devices[].hostPath', 'devices[].containerPath', 'devices[].permissions[]'].map(linux),
    ...['tmpfs[].containerPath', 'tmpfs[].size', 'tmpfs[].mountOptions[]'].map(linux),
    ...['logConfiguration.secretOptions[].name'],
  ]).map((name) => name.replace(/(command|entryPoint)$/, '$1[]')),
]

/** They mean something else here, or nothing yet, and a note says what. */
export const NOTED: readonly string[] = [
  ...[
    'cpu',
    'memory',
    'taskRoleArn',
    'executionRoleArn',
    'enableFaultInjection',
    'ephemeralStorage.sizeInGiB',
    'requiresCompatibilities[]',
  ],
  ...['placementConstraints[].expression', 'placementConstraints[].type'],
  ...['runtimePlatform.cpuArchitecture', 'runtimePlatform.operatingSystemFamily'],
  ...['fileSystemId', 'rootDirectory', 'transitEncryption', 'transitEncryptionPort'].map(efs),
  ...['authorizationConfig.accessPointId', 'authorizationConfig.iam'].map(efs),
  ...OF_CONTAINERS([
    ...['image', 'repositoryCredentials.credentialsParameter', 'environmentFiles[].value', 'secrets[].valueFrom', 'versionConsistency'],
    ...['portMappings[].containerPortRange', 'portMappings[].name', 'portMappings[].appProtocol', 'resourceRequirements[].value'],
    ...['restartPolicy.enabled', 'restartPolicy.ignoredExitCodes[]', 'restartPolicy.restartAttemptPeriod'],
    ...['logConfiguration.logDriver', 'logConfiguration.options', 'logConfiguration.secretOptions[].valueFrom', 'linuxParameters.maxSwap'],
    ...['firelensConfiguration.type', 'firelensConfiguration.options'],
  ]),
]

/** They cannot be had here: each with a value that is refused. */
export const REFUSED: Readonly<Record<string, unknown>> = {
  'containerDefinitions[].credentialSpecs': ['credentialspec:arn:aws:s3:::bucket/key'],
  'containerDefinitions[].resourceRequirements[].sharingStrategy': {nvidiaMps: {}},
  proxyConfiguration: {containerName: 'envoy'},
  'volumes[].configuredAtLaunch': true,
  'volumes[].fsxWindowsFileServerVolumeConfiguration': {fileSystemId: 'fs-1'},
  'volumes[].s3filesVolumeConfiguration': {fileSystemArn: 'arn:aws:s3files:::fs-1'},
}

function linux(name: string): string {
  return `linuxParameters.${name}`
}

function efs(name: string): string {
  return `volumes[].efsVolumeConfiguration.${name}`
}
