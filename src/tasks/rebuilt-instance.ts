// Which instance a host is, by what it bears.
import {builtInAttributes} from '../ecs/attributes.js'
import type {Instance} from '../model/instance.js'
import {registeredResources} from '../model/register-resources.js'
import {instancesOf, type State} from '../model/state.js'
import {type Instant, timestamp} from '../model/time.js'
import type {HostFound} from './rebuild.js'

export interface HostIdentity {
  readonly cluster: string
  readonly clusterId: string
  readonly instanceId: string
}

export interface FoundInstance extends HostFound {
  /** Absent: nothing on the host tells. */
  readonly identity: HostIdentity | undefined
}

/** By its mark, of several the one with a record; where the mark was removed by what most of its containers say. */
export function identityOf({containers, kept, marks}: HostFound): HostIdentity | undefined {
  const mark = marks.find(({instanceId}) => kept.some(({kind, name}) => kind === 'instance' && name === instanceId)) ?? marks[0]
  if (mark) return mark
  const owners = containers.flatMap(({owner}) => owner ?? [])
  const count = (id: string) => owners.filter(({instanceId}) => instanceId === id).length
  return owners.toSorted((a, b) => count(b.instanceId) - count(a.instanceId))[0]
}

/** As a join without any words would make it, under a name that is free. */
export function freshInstance(
  state: State,
  {address, facts}: FoundInstance,
  {clusterId, instanceId}: HostIdentity,
  now: Instant,
): Instance {
  const resourceSettings = {reserveMemoryMiB: 0, reservePorts: []}
  const isTaken = instancesOf(state, clusterId).some(({name}) => name === facts.hostName)
  return {
    id: instanceId,
    clusterId,
    name: isTaken || !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/.test(facts.hostName) ? `instance-${instanceId.slice(0, 8)}` : facts.hostName,
    address,
    status: 'ACTIVE',
    builtInAttributes: builtInAttributes(facts, {}),
    customAttributes: {},
    registered: registeredResources(facts, resourceSettings),
    resourceSettings,
    engine: facts,
    registeredAt: timestamp(now),
    version: 1,
  }
}
