// What one host bears of its cluster, and which instance it is by that.
import type {HostAddress} from '../model/host-address.js'
import type {EngineFacts} from '../model/instance.js'
import type {KeptRecord} from '../model/kept-record.js'
import type {FoundContainer} from '../model/observation.js'
import type {InstanceMark} from '../model/ownership.js'
import type {Note} from '../model/plan.js'
import type {State} from '../model/state.js'

/** What one host bears. */
export interface HostFound {
  readonly address: HostAddress
  readonly facts: EngineFacts
  readonly marks: readonly InstanceMark[]
  readonly kept: readonly KeptRecord[]
  /** Those that bear labels of ours. */
  readonly containers: readonly FoundContainer[]
}

export interface Rebuilt {
  readonly state: State
  readonly notes: readonly Note[]
}

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
