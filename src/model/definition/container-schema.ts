// Every field of a container definition, its type and what ECS allows in it by itself (API reference of ContainerDefinition, read 2026-11-26).
// What depends on other fields stands in rules/.
import {DEPENDENCY_CONDITIONS} from '../container-definition.js'
import {flag, list, map, maybe, name, object, oneOf, refused, text, textLike, whole} from './shapes.js'
import {CAPABILITIES, LOG_DRIVERS, MOUNT_OPTIONS, ULIMITS} from './words.js'

/** Docker runs nothing in less memory (from 20.10 on). */
const MIN_MEMORY_MIB = 6
const MAX_PORT = 65_535
/** As Docker's kernel has it. */
const MAX_CPU_SHARES = 262_144
/** As long as Docker can count, in nanoseconds. */
const MAX_SECONDS = 2_147_483_647

const NOT_EMPTY = /^[^\0]+$/

const secret = object({name: textLike(NOT_EMPTY, 'the name of a variable'), valueFrom: textLike(NOT_EMPTY, 'a source')})

const portMapping = object(
  maybe({
    appProtocol: oneOf(['http', 'http2', 'grpc']),
    containerPort: whole(1, MAX_PORT),
    containerPortRange: text(),
    hostPort: whole(0, MAX_PORT),
    name: textLike(
      /^[a-z0-9_][a-z0-9_-]{0,63}$/,
      '1 to 64 lower-case letters, digits, hyphens and underscores, not beginning with a hyphen',
    ),
    protocol: oneOf(['tcp', 'udp']),
  }),
)

const capability = oneOf(CAPABILITIES)

const device = object({
  hostPath: textLike(/^\//, 'an absolute path'),
  ...maybe({containerPath: textLike(/^\//, 'an absolute path'), permissions: list(oneOf(['read', 'write', 'mknod']))}),
})

const tmpfs = object({
  containerPath: textLike(/^\//, 'an absolute path'),
  size: whole(1, undefined, 'MiB'),
  ...maybe({mountOptions: list(textLike(new RegExp(`^(${MOUNT_OPTIONS.join('|')})(=.*)?$`), 'a mount option of tmpfs'))}),
})

const linuxParameters = object(
  maybe({
    capabilities: object(maybe({add: list(capability), drop: list(capability)})),
    devices: list(device),
    initProcessEnabled: flag(),
    maxSwap: whole(0, undefined, 'MiB'),
    sharedMemorySize: whole(1, undefined, 'MiB'),
    swappiness: whole(0, 100),
    tmpfs: list(tmpfs),
  }),
)

const healthCheck = object({
  command: list(text()),
  ...maybe({
    interval: whole(5, 300, 'seconds'),
    retries: whole(1, 10),
    startPeriod: whole(0, 300, 'seconds'),
    timeout: whole(2, 60, 'seconds'),
  }),
})

const restartPolicy = object({
  enabled: flag(),
  ...maybe({ignoredExitCodes: list(whole(0, 255)), restartAttemptPeriod: whole(60, 1800, 'seconds')}),
})

const resourceRequirement = object({
  type: oneOf(['GPU', 'InferenceAccelerator', 'NeuronDevice']),
  ...maybe({value: text()}),
  sharingStrategy: refused('GPUs are shared by NVIDIA MPS on AWS alone; ask for a number of GPUs, or ALL'),
})

const host = {
  disableNetworking: flag(),
  dnsSearchDomains: list(textLike(NOT_EMPTY, 'a domain')),
  dnsServers: list(textLike(NOT_EMPTY, 'an address')),
  dockerLabels: map(),
  dockerSecurityOptions: list(text()),
  extraHosts: list(object({hostname: textLike(NOT_EMPTY, 'a host name'), ipAddress: textLike(NOT_EMPTY, 'an address')})),
  hostname: textLike(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}$/, 'a host name'),
  linuxParameters,
  privileged: flag(),
  readonlyRootFilesystem: flag(),
  systemControls: list(object({namespace: text(), value: text()})),
  ulimits: list(object({hardLimit: whole(-1), name: oneOf(ULIMITS), softLimit: whole(-1)})),
  user: textLike(/^[^\s\0:]+(:[^\s\0:]+)?$/, 'user, user:group, uid or uid:gid'),
  workingDirectory: textLike(/^(\/|[A-Za-z]:)/, 'an absolute path'),
}

const program = {
  command: list(text()),
  entryPoint: list(text()),
  environment: list(object({name: textLike(/^[^=\0]+$/, 'the name of a variable'), ...maybe({value: text()})})),
  environmentFiles: list(object({type: oneOf(['s3']), value: text()})),
  interactive: flag(),
  pseudoTerminal: flag(),
  secrets: list(secret),
}

const life = {
  dependsOn: list(object({condition: oneOf(DEPENDENCY_CONDITIONS), containerName: text()})),
  essential: flag(),
  healthCheck,
  restartPolicy,
  startTimeout: whole(1, MAX_SECONDS, 'seconds'),
  stopTimeout: whole(0, MAX_SECONDS, 'seconds'),
  versionConsistency: oneOf(['enabled', 'disabled']),
}

const links = {
  firelensConfiguration: object({type: oneOf(['fluentd', 'fluentbit']), ...maybe({options: map()})}),
  links: list(text()),
  logConfiguration: object({logDriver: oneOf(LOG_DRIVERS), ...maybe({options: map(), secretOptions: list(secret)})}),
  mountPoints: list(object({containerPath: text(), sourceVolume: text(), ...maybe({readOnly: flag()})})),
  portMappings: list(portMapping),
  volumesFrom: list(object({sourceContainer: text(), ...maybe({readOnly: flag()})})),
}

const resources = {
  cpu: whole(0, MAX_CPU_SHARES, 'CPU units'),
  memory: whole(MIN_MEMORY_MIB, undefined, 'MiB'),
  memoryReservation: whole(MIN_MEMORY_MIB, undefined, 'MiB'),
  resourceRequirements: list(resourceRequirement),
}

export const container = object({
  image: textLike(/^[^\s\0]{1,326}$/, 'the name of an image, of at most 255 characters before its digest'),
  name: name(),
  ...maybe({...host, ...life, ...links, ...program, ...resources}),
  ...maybe({repositoryCredentials: object({credentialsParameter: textLike(NOT_EMPTY, 'the name of a secret')})}),
  credentialSpecs: refused('group-managed service accounts are a thing of Windows domains; leave the field out'),
})
