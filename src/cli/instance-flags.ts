// Words that commands on instances share.
import {Args, Flags, type Interfaces} from '@oclif/core'
import {InvalidInputError} from '../errors.js'
import type {UpdateInstanceWanted} from '../manager/instances.js'
import type {JoinWanted} from '../manager/join.js'
import type {TlsFiles} from '../model/host-address.js'
import type {ResourceSettings} from '../model/resources.js'
import {memoryMiB} from './value-flags.js'

/** One instance or more, where the command takes several. */
export const instanceArgs = {instance: Args.string({description: 'Name, ARN, id or a unique beginning of the id.', required: true})}

export const attribute = Flags.string({
  description: 'Custom attribute, NAME=VALUE or NAME. Repeatable, at most 10.',
  helpValue: 'NAME[=VALUE]',
  multiple: true,
})

export const instanceType = Flags.string({description: 'Instance type, as the attribute ecs.instance-type.', helpValue: 'TYPE'})

export const zone = Flags.string({description: 'Zone, as the attribute ecs.availability-zone.', helpValue: 'ZONE'})

export const resourceFlags = {
  cpu: Flags.integer({description: 'CPU units to register; default: 1024 a core.', helpValue: 'UNITS', min: 1}),
  memory: memoryMiB({description: "MiB to register before the reserve; default: the host's."}),
  'reserve-memory': memoryMiB({description: 'MiB to keep back for what is not a task; default: none.'}),
  'reserve-port': Flags.integer({
    description: 'TCP port that no task may have. Repeatable; 22, 2375, 2376, 51678 and 51679 always are.',
    helpValue: 'PORT',
    multiple: true,
  }),
}

export const tlsFlags = {
  tlscacert: Flags.string({description: 'CA certificate of a tcp:// engine.', helpValue: 'FILE'}),
  tlscert: Flags.string({description: 'Client certificate.', helpValue: 'FILE'}),
  tlskey: Flags.string({description: 'Client key.', helpValue: 'FILE'}),
}

/** The words of a join, but which host joins. */
export const joinFlags = {
  ...resourceFlags,
  ...tlsFlags,
  attribute,
  'instance-type': instanceType,
  name: Flags.string({description: "Name of the instance; default: the host's own name.", helpValue: 'NAME'}),
  zone,
}

/** The instance that a join makes, but where and in which cluster. Throws `InvalidUsage`. */
export function joinWanted(words: Interfaces.InferredFlags<typeof joinFlags>): Omit<JoinWanted, 'cluster' | 'dryRun' | 'host'> {
  const {attribute: attributes = [], 'instance-type': instanceType, name, zone} = words
  return {attributes, instanceType, name, zone, resources: resourceSettings(words), tls: tlsFiles(words)}
}

interface ResourceWords {
  readonly cpu: number | undefined
  readonly memory: number | undefined
  readonly 'reserve-memory': number | undefined
  readonly 'reserve-port': readonly number[] | undefined
}

/** Only what was said. */
function changedResources(words: ResourceWords): Partial<ResourceSettings> {
  const {cpu, memory, 'reserve-memory': reserve, 'reserve-port': ports} = words
  return {
    ...(cpu === undefined ? {} : {cpuUnits: cpu}),
    ...(memory === undefined ? {} : {memoryMiB: memory}),
    ...(reserve === undefined ? {} : {reserveMemoryMiB: reserve}),
    ...(ports === undefined ? {} : {reservePorts: ports}),
  }
}

/** The change that the words of `instance update` ask for. */
export function updateWanted(
  words: ResourceWords & {
    readonly attribute: readonly string[] | undefined
    readonly cluster: string | undefined
    readonly 'dry-run': boolean
    readonly 'instance-type': string | undefined
    readonly 'remove-attribute': readonly string[] | undefined
    readonly zone: string | undefined
  },
  name: string,
): UpdateInstanceWanted {
  const {attribute: attributes = [], cluster, 'dry-run': dryRun, 'instance-type': instanceType, zone} = words
  const removeAttributes = words['remove-attribute'] ?? []
  return {attributes, cluster, dryRun, instanceType, name, removeAttributes, resources: changedResources(words), zone}
}

/** What was said, and no reserve where none was. */
function resourceSettings(words: ResourceWords): ResourceSettings {
  return {reserveMemoryMiB: 0, reservePorts: [], ...changedResources(words)}
}

/** All three files or none. Throws `InvalidUsage`. */
export function tlsFiles(words: {
  readonly tlscacert: string | undefined
  readonly tlscert: string | undefined
  readonly tlskey: string | undefined
}): TlsFiles | undefined {
  const {tlscacert: caFile, tlscert: certFile, tlskey: keyFile} = words
  if (caFile !== undefined && certFile !== undefined && keyFile !== undefined) return {caFile, certFile, keyFile}
  if (caFile === undefined && certFile === undefined && keyFile === undefined) return undefined
  throw new InvalidInputError('InvalidUsage', 'TLS takes all three of --tlscacert, --tlscert and --tlskey.', {
    suggestions: ['berth instance join tcp://host:2376 --tlscacert ca.pem --tlscert cert.pem --tlskey key.pem'],
  })
}
