// Volumes of one engine.
import type {VolumeSpec} from '../world/engine.js'
import type {Deed} from './faults.js'
import {type Labels, volumeLabels} from './labels.js'
import {asObject} from './ndjson.js'
import type {Wire} from './wire.js'

/** A volume as Docker tells it. */
export interface VolumeJson {
  readonly Name: string
  readonly Driver?: string
  readonly Options?: Readonly<Record<string, string>> | null
  readonly Labels?: Labels | null
  readonly CreatedAt?: string
}

export async function volume(wire: Wire, name: string, signal: AbortSignal): Promise<VolumeSpec | undefined> {
  const deed: Deed = {kind: 'engine', what: 'describe a volume'}
  const {status, json} = await wire.ask({method: 'GET', path: pathOf(name), accept: [404], deed, signal})
  if (status === 404) return undefined
  const {Driver, Labels: labels, Name, Options} = asObject(json) as unknown as VolumeJson
  return {name: Name, driver: Driver ?? 'local', driverOptions: Options ?? {}, labels: labels ?? {}}
}

export async function createVolume(wire: Wire, spec: VolumeSpec, signal: AbortSignal): Promise<void> {
  const {driver, driverOptions, labels, name, owner} = spec
  const body = {Name: name, Driver: driver, DriverOpts: {...driverOptions}, Labels: {...labels, ...(owner ? volumeLabels(owner) : {})}}
  await wire.ask({method: 'POST', path: '/volumes/create', body, deed: {kind: 'volume', volume: name}, signal})
}

export async function removeVolume(wire: Wire, name: string, signal: AbortSignal): Promise<void> {
  await wire.ask({method: 'DELETE', path: pathOf(name), accept: [404], deed: {kind: 'removeVolume', volume: name}, signal})
}

function pathOf(name: string): string {
  return `/volumes/${encodeURIComponent(name)}`
}
