// The only file that knows label names. What a running container bears cannot be changed, so these are fixed for ever;
// a reading that has the least doubt says "not ours", because what is not ours is never stopped or removed.
import {isName} from '../model/names.js'
import type {HostRecord, TaskOwnership, VolumeOwnership} from '../model/ownership.js'
import {isInternal} from '../model/run-document.js'

export type Labels = Readonly<Record<string, string>>

const SCHEMA = 'berth.schema'
const SCHEMA_VERSION = '1'
const RECORD_PREFIX = 'berth-instance-'

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
  const epoch = labels[EPOCH]
  if (!isWhole(mandatory) || !isSound(mandatory)) return undefined
  if (!Object.values(optional).every((text) => PRINTABLE.test(text))) return undefined
  if (epoch !== undefined && !(WHOLE.test(epoch) && Number.isSafeInteger(Number(epoch)))) return undefined
  return {...mandatory, ...optional, ...(epoch === undefined ? {} : {epoch: Number(epoch)})}
}

/** The name of the volume that holds this record. */
export function recordVolume(record: HostRecord): string {
  return `${RECORD_PREFIX}${record.instanceId}`
}

export function recordLabels(record: HostRecord): Labels {
  return {
    [SCHEMA]: SCHEMA_VERSION,
    [MANDATORY.cluster]: record.cluster,
    [MANDATORY.clusterId]: record.clusterId,
    [MANDATORY.instanceId]: record.instanceId,
  }
}

/** The record that a volume of this name and these labels holds; `undefined` when it holds none, or name and labels disagree. */
export function hostRecord(volume: string, labels: Labels): HostRecord | undefined {
  const {[MANDATORY.cluster]: cluster = '', [MANDATORY.clusterId]: clusterId = '', [MANDATORY.instanceId]: instanceId = ''} = labels
  if (labels[SCHEMA] !== SCHEMA_VERSION || !isName(cluster) || !HEX_32.test(clusterId) || !HEX_32.test(instanceId)) return undefined
  return volume === `${RECORD_PREFIX}${instanceId}` ? {kind: 'instance', cluster, clusterId, instanceId} : undefined
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

/** Docker's filter for the volumes that may hold a record. */
export function recordFilter(): object {
  return {label: [`${SCHEMA}=${SCHEMA_VERSION}`], name: [RECORD_PREFIX]}
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
