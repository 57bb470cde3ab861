// The only file that knows label names. What a running container bears cannot be changed, so these are fixed for ever;
// a reading that has the least doubt says "not ours", because what is not ours is never stopped or removed.
import {createHash} from 'node:crypto'
import {KEPT_KINDS, type KeptKind, type KeptRecord} from '../model/kept-record.js'
import {isName} from '../model/names.js'
import type {ControllerOwnership, InstanceMark, TaskOwnership, VolumeOwnership} from '../model/ownership.js'
import {isInternal} from '../model/run-document.js'

export type Labels = Readonly<Record<string, string>>

const SCHEMA = 'berth.schema'
const SCHEMA_VERSION = '1'
const MARK_PREFIX = 'berth-instance-'
const RECORD_PREFIX = 'berth-record-'

const MANDATORY = {
  cluster: 'berth.cluster',
  clusterId: 'berth.cluster-id',
  instanceId: 'berth.instance',
  taskId: 'berth.task',
  taskArn: 'com.amazonaws.ecs.task-arn',
  containerName: 'berth.container',
  definitionId: 'berth.definition',
  definitionHash: 'berth.definition-hash',
  group: 'berth.group',
} as const

const OPTIONAL = {
  startedBy: 'berth.started-by',
  slot: 'berth.slot',
  deployment: 'berth.deployment',
  service: 'berth.service',
  daemon: 'berth.daemon',
} as const

const EPOCH = 'berth.epoch'
/** On the container of a controller; its value is the fingerprint. */
const CONTROLLER = 'berth.controller'
/** What of a task's record no other label tells. */
const TASK_RECORD = 'berth.task-record'

/** On the volumes that keep records. */
const KEPT = {
  kind: 'berth.record-kind',
  name: 'berth.record-name',
  generation: 'berth.record-generation',
  version: 'berth.record-version',
  record: 'berth.record',
} as const

/** Longer names are cut in the name of a volume, which is the name of a folder too; the label tells the whole. */
const MOST_NAME = 100

const HEX_32 = /^[0-9a-f]{32}$/
const HEX_64 = /^[0-9a-f]{64}$/
const DEFINITION_ID = /^([A-Za-z0-9_-]{1,255}):([1-9]\d{0,9})$/
const PRINTABLE = /^[^\p{C}]{1,2048}$/u
const WHOLE = /^(0|[1-9]\d{0,15})$/

/** The labels of a container that belongs to `owner`: Berth's, and ECS's five for what reads those. */
export function taskLabels(owner: TaskOwnership): Labels {
  const [family = '', revision = ''] = owner.definitionId.split(':')
  return {
    [SCHEMA]: SCHEMA_VERSION,
    ...named(MANDATORY, owner),
    ...named(OPTIONAL, owner),
    ...(owner.epoch === undefined ? {} : {[EPOCH]: String(owner.epoch)}),
    ...(owner.record === undefined ? {} : {[TASK_RECORD]: owner.record}),
    'com.amazonaws.ecs.cluster': owner.cluster,
    'com.amazonaws.ecs.container-name': owner.containerName,
    'com.amazonaws.ecs.task-definition-family': family,
    'com.amazonaws.ecs.task-definition-version': revision,
  }
}

/** Whose container bears these labels: the inverse of `taskLabels`; `undefined` when one is missing, damaged or of another schema. */
export function taskOwnership(labels: Labels): TaskOwnership | undefined {
  if (labels[SCHEMA] !== SCHEMA_VERSION) return undefined
  const mandatory = read(MANDATORY, labels)
  const optional = read(OPTIONAL, labels)
  const {[EPOCH]: epoch, [TASK_RECORD]: record} = labels
  if (!isWhole(mandatory) || !isSound(mandatory)) return undefined
  if (!Object.values(optional).every((text) => PRINTABLE.test(text))) return undefined
  if (epoch !== undefined && !(WHOLE.test(epoch) && Number.isSafeInteger(Number(epoch)))) return undefined
  return {
    ...mandatory,
    ...optional,
    ...(epoch === undefined ? {} : {epoch: Number(epoch)}),
    ...(record === undefined ? {} : {record}),
  }
}

/** The labels of the container of a controller: never those of a task. */
export function controllerLabels({cluster, clusterId, fingerprint}: ControllerOwnership): Labels {
  return {[SCHEMA]: SCHEMA_VERSION, [MANDATORY.cluster]: cluster, [MANDATORY.clusterId]: clusterId, [CONTROLLER]: fingerprint}
}

/** Whose controller bears these labels; `undefined` when it is none. */
export function controllerOwnership(labels: Labels): ControllerOwnership | undefined {
  const {[MANDATORY.cluster]: cluster = '', [MANDATORY.clusterId]: clusterId = '', [CONTROLLER]: fingerprint = ''} = labels
  if (labels[SCHEMA] !== SCHEMA_VERSION || !isName(cluster) || !HEX_32.test(clusterId) || !HEX_64.test(fingerprint)) return undefined
  return {cluster, clusterId, fingerprint}
}

/** The name of the volume that is this mark. */
export function markVolume(record: InstanceMark): string {
  return `${MARK_PREFIX}${record.instanceId}`
}

export function markLabels(record: InstanceMark): Labels {
  return {
    [SCHEMA]: SCHEMA_VERSION,
    [MANDATORY.cluster]: record.cluster,
    [MANDATORY.clusterId]: record.clusterId,
    [MANDATORY.instanceId]: record.instanceId,
  }
}

/** The mark that a volume of this name and these labels is; `undefined` when it is none, or name and labels disagree. */
export function instanceMark(volume: string, labels: Labels): InstanceMark | undefined {
  const {[MANDATORY.cluster]: cluster = '', [MANDATORY.clusterId]: clusterId = '', [MANDATORY.instanceId]: instanceId = ''} = labels
  if (labels[SCHEMA] !== SCHEMA_VERSION || !isName(cluster) || !HEX_32.test(clusterId) || !HEX_32.test(instanceId)) return undefined
  return volume === `${MARK_PREFIX}${instanceId}` ? {kind: 'instance', cluster, clusterId, instanceId} : undefined
}

/** The labels of a volume that comes and goes with a task. */
export function volumeLabels(owner: VolumeOwnership): Labels {
  return {
    [SCHEMA]: SCHEMA_VERSION,
    [MANDATORY.cluster]: owner.cluster,
    [MANDATORY.clusterId]: owner.clusterId,
    [MANDATORY.instanceId]: owner.instanceId,
    [MANDATORY.taskId]: owner.taskId,
  }
}

/** Docker's filter for the volumes that may be a mark. */
export function markFilter(): object {
  return {label: [`${SCHEMA}=${SCHEMA_VERSION}`], name: [MARK_PREFIX]}
}

/** The name of the volume that keeps this record: no other record's, whatever the names look like, and that of no other cluster. */
export function keptVolume({clusterId, generation, kind, name}: Omit<KeptRecord, 'record' | 'version'>): string {
  const safe = name.replaceAll(':', '.')
  const short =
    safe.length <= MOST_NAME ? safe : `${safe.slice(0, MOST_NAME)}.${createHash('sha256').update(name).digest('hex').slice(0, 16)}`
  return `${RECORD_PREFIX}${kind}-${clusterId.slice(0, 8)}.${short}-${generation}`
}

export function keptLabels({clusterId, generation, kind, name, record, version}: KeptRecord): Labels {
  return {
    [SCHEMA]: SCHEMA_VERSION,
    [MANDATORY.clusterId]: clusterId,
    [KEPT.kind]: kind,
    [KEPT.name]: name,
    [KEPT.generation]: String(generation),
    [KEPT.version]: String(version),
    [KEPT.record]: JSON.stringify(record),
  }
}

/** The record that a volume of this name and these labels keeps; `undefined` when it keeps none, or name and labels disagree. */
export function keptRecord(volume: string, labels: Labels): KeptRecord | undefined {
  const {[MANDATORY.clusterId]: clusterId = '', [KEPT.kind]: kind = '', [KEPT.name]: name = '', [KEPT.generation]: generation = ''} = labels
  if (labels[SCHEMA] !== SCHEMA_VERSION || !HEX_32.test(clusterId) || !isKeptKind(kind)) return undefined
  const version = labels[KEPT.version] ?? ''
  if (!WHOLE.test(generation) || !WHOLE.test(version)) return undefined
  const kept = {kind, clusterId, name, generation: Number(generation), version: Number(version)}
  const record = objectIn(labels[KEPT.record] ?? '')
  return record && volume === keptVolume(kept) ? {...kept, record} : undefined
}

/** Docker's filter for the volumes that may keep a record. */
export function keptFilter(): object {
  return {label: [`${SCHEMA}=${SCHEMA_VERSION}`, KEPT.kind], name: [RECORD_PREFIX]}
}

function isKeptKind(kind: string): kind is KeptKind {
  return KEPT_KINDS.some((one) => one === kind)
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    // Not what we wrote.
    return undefined
  }
}

type Texts<Names> = {readonly [Field in keyof Names]?: string}

function named<Names extends Labels>(names: Names, values: Texts<Names>): Labels {
  return Object.fromEntries(
    Object.entries(names).flatMap(([field, label]) => (values[field] === undefined ? [] : [[label, values[field]]])),
  )
}

function read<Names extends Labels>(names: Names, labels: Labels): Texts<Names> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([field, label]) => (labels[label] === undefined ? [] : [[field, labels[label]]])),
  ) as Texts<Names>
}

function isWhole(texts: Texts<typeof MANDATORY>): texts is {readonly [Field in keyof typeof MANDATORY]: string} {
  return Object.keys(texts).length === Object.keys(MANDATORY).length
}

function isSound(owner: {readonly [Field in keyof typeof MANDATORY]: string}): boolean {
  const ids = [owner.clusterId, owner.instanceId, owner.taskId]
  return (
    ids.every((id) => HEX_32.test(id)) &&
    isName(owner.cluster) &&
    (isName(owner.containerName) || isInternal(owner.containerName)) &&
    DEFINITION_ID.test(owner.definitionId) &&
    HEX_64.test(owner.definitionHash) &&
    PRINTABLE.test(owner.group) &&
    PRINTABLE.test(owner.taskArn) &&
    owner.taskArn.endsWith(`/${owner.taskId}`)
  )
}
