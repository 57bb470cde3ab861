// Every field of a task definition, its type and what ECS allows in it by itself (API reference of RegisterTaskDefinition, read 2026-11-26).
import {z} from 'zod'
import {container} from './container-schema.js'
import type {Path} from './fault.js'
import {flag, list, map, maybe, name, object, oneOf, refused, text, textLike, whole} from './shapes.js'

const TAG_CHARACTERS = String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]`

const tag = object({
  key: textLike(new RegExp(`^${TAG_CHARACTERS}{1,128}$`, 'u'), '1 to 128 letters, digits, spaces and any of _.:/=+-@'),
  ...maybe({value: textLike(new RegExp(`^${TAG_CHARACTERS}{0,256}$`, 'u'), 'at most 256 letters, digits, spaces and any of _.:/=+-@')}),
})

const efs = object({
  fileSystemId: textLike(/^[^\s\0]+$/, 'the id of a file system'),
  ...maybe({
    authorizationConfig: object(maybe({accessPointId: text(), iam: oneOf(['ENABLED', 'DISABLED'])})),
    rootDirectory: text(),
    transitEncryption: oneOf(['ENABLED', 'DISABLED']),
    transitEncryptionPort: whole(0, 65_535),
  }),
})

const NFS_INSTEAD =
  'it is a store of AWS; use host, dockerVolumeConfiguration, or efsVolumeConfiguration, for which a run can name an NFS export'

const volume = object({
  name: name(),
  ...maybe({
    dockerVolumeConfiguration: object(
      maybe({autoprovision: flag(), driver: text(), driverOpts: map(), labels: map(), scope: oneOf(['task', 'shared'])}),
    ),
    efsVolumeConfiguration: efs,
    host: object(maybe({sourcePath: text()})),
  }),
  configuredAtLaunch: refused('there are no EBS volumes to be given at launch; use host or dockerVolumeConfiguration'),
  fsxWindowsFileServerVolumeConfiguration: refused(NFS_INSTEAD),
  s3filesVolumeConfiguration: refused(NFS_INSTEAD),
})

const PLATFORMS = [
  ...['LINUX', 'WINDOWS_SERVER_2004_CORE', 'WINDOWS_SERVER_2016_FULL', 'WINDOWS_SERVER_2019_CORE', 'WINDOWS_SERVER_2019_FULL'],
  ...['WINDOWS_SERVER_2022_CORE', 'WINDOWS_SERVER_2022_FULL', 'WINDOWS_SERVER_2025_CORE', 'WINDOWS_SERVER_2025_FULL'],
  'WINDOWS_SERVER_20H2_CORE',
]

export const TASK_DEFINITION = object({
  containerDefinitions: list(container),
  family: name(),
  ...maybe({
    // A number in quotes, as the AWS command-line tool wants it; its form is for the rules on sizes.
    cpu: text(),
    enableFaultInjection: flag(),
    ephemeralStorage: object({sizeInGiB: whole(21, 200, 'GiB')}),
    executionRoleArn: text(),
    ipcMode: oneOf(['host', 'task', 'none']),
    memory: text(),
    networkMode: oneOf(['bridge', 'host', 'awsvpc', 'none']),
    pidMode: oneOf(['host', 'task']),
    placementConstraints: list(object({type: oneOf(['memberOf']), ...maybe({expression: text()})})),
    requiresCompatibilities: list(oneOf(['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'])),
    runtimePlatform: object(maybe({cpuArchitecture: oneOf(['X86_64', 'ARM64']), operatingSystemFamily: oneOf(PLATFORMS)})),
    tags: list(tag),
    taskRoleArn: text(),
    volumes: list(volume),
  }),
  proxyConfiguration: refused('there is no App Mesh here; run the proxy as a container of the task'),
})

/** The names of the fields that may stand in the object at `path`; none where the schema has no object. */
export function fieldsAt(path: Path): readonly string[] {
  const here = path.reduce<unknown>((schema, key) => {
    const bare = unwrapped(schema)
    if (bare instanceof z.ZodObject) return bare.shape[String(key)]
    return bare instanceof z.ZodArray ? bare.element : undefined
  }, TASK_DEFINITION)
  const bare = unwrapped(here)
  return bare instanceof z.ZodObject ? Object.keys(bare.shape) : []
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrapped(schema.unwrap()) : schema
}
