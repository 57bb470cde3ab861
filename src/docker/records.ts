// What a cluster leaves on a host: volumes of labels alone. One is the mark of the instance that the host is, the others keep records of the state.
import type {KeptRecord} from '../model/kept-record.js'
import type {InstanceMark} from '../model/ownership.js'
import type {Deed} from './faults.js'
import {instanceMark, keptFilter, keptLabels, keptRecord, keptVolume, type Labels, markFilter, markLabels, markVolume} from './labels.js'
import {asObject} from './ndjson.js'
import type {VolumeJson} from './volumes.js'
import type {Wire} from './wire.js'

export async function writeMark(wire: Wire, mark: InstanceMark, signal: AbortSignal): Promise<void> {
  const body = {Name: markVolume(mark), Labels: markLabels(mark)}
  const deed: Deed = {kind: 'engine', what: 'keep the mark of the instance'}
  await wire.ask({method: 'POST', path: '/volumes/create', body, deed, signal})
}

export async function marks(wire: Wire, signal: AbortSignal): Promise<readonly InstanceMark[]> {
  const deed: Deed = {kind: 'engine', what: 'list its marks'}
  const {json} = await wire.ask({method: 'GET', path: '/volumes', query: {filters: markFilter()}, deed, signal})
  const {Volumes: volumes} = asObject(json) as {readonly Volumes?: readonly VolumeJson[] | null}
  return [...(volumes ?? [])].sort(byAge).flatMap((volume) => instanceMark(volume.Name, volume.Labels ?? {}) ?? [])
}

export async function removeMark(wire: Wire, mark: InstanceMark, signal: AbortSignal): Promise<void> {
  const deed: Deed = {kind: 'engine', what: 'remove the mark of the instance'}
  await wire.ask({method: 'DELETE', path: `/volumes/${encodeURIComponent(markVolume(mark))}`, accept: [404], deed, signal})
}

export async function keptRecords(wire: Wire, signal: AbortSignal): Promise<readonly KeptRecord[]> {
  const deed: Deed = {kind: 'engine', what: 'list the records that it keeps'}
  const {json} = await wire.ask({method: 'GET', path: '/volumes', query: {filters: keptFilter()}, deed, signal})
  const {Volumes: volumes} = asObject(json) as {readonly Volumes?: readonly VolumeJson[] | null}
  return (volumes ?? []).flatMap((volume) => keptRecord(volume.Name, volume.Labels ?? {}) ?? [])
}

/** Docker leaves a volume of that name as it is and says that it was made: what it bears then is another's, and goes. */
export async function keepRecord(wire: Wire, record: KeptRecord, signal: AbortSignal): Promise<void> {
  const deed: Deed = {kind: 'engine', what: 'keep a record'}
  const Labels = keptLabels(record)
  const create = () => wire.ask({method: 'POST', path: '/volumes/create', body: {Name: keptVolume(record), Labels}, deed, signal})
  const {Labels: borne} = asObject((await create()).json) as {readonly Labels?: Labels | null}
  if (Object.entries(Labels).every(([name, value]) => borne?.[name] === value)) return
  await dropRecord(wire, record, signal)
  await create()
}

export async function dropRecord(wire: Wire, record: KeptRecord, signal: AbortSignal): Promise<void> {
  const deed: Deed = {kind: 'engine', what: 'drop a record'}
  await wire.ask({method: 'DELETE', path: `/volumes/${encodeURIComponent(keptVolume(record))}`, accept: [404], deed, signal})
}

/** The oldest first, to the second as Docker tells it, then by name, which ends in the instance id. */
function byAge(a: VolumeJson, b: VolumeJson): number {
  const [x, y] = [`${a.CreatedAt ?? ''} ${a.Name}`, `${b.CreatedAt ?? ''} ${b.Name}`]
  return x < y ? -1 : x > y ? 1 : 0
}
