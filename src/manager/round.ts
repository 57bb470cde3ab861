// What the loop of services and daemons is asked for, and what it tells after each of its rounds.
import type {Cluster} from '../model/cluster.js'
import type {Observation} from '../model/observation.js'
import type {State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import type {Materials} from './definition-materials.js'

/** What the loop is to keep, and until when. */
export interface RoundsWanted {
  readonly cluster: Cluster
  /** Only these services and daemons, by id; absent: all of the cluster. */
  readonly only?: ReadonlySet<string>
  /** Why, for the history of the state. */
  readonly because: string
  /** What tasks need and no record may hold, as far as a command was given it. */
  readonly materials?: Materials
  /** May definitions have programs run here, and files read from outside their folders, for what is not given? */
  readonly allowClientSecrets?: boolean
  /** Asked after each round; with true the loop ends once nothing is under way. It may throw. */
  readonly isOver: (round: Round) => boolean
  /** A round at least as often, whatever happens. */
  readonly fullLookEveryMs: number
  /** The intents that loops of this process carry out, where several run at once: none takes up what another is at. */
  readonly underWay?: Set<string>
  /** Ends the loop: nothing more is begun, and it returns once what is under way has come to its end. */
  readonly stop?: AbortSignal
  /** Calls `ring` whenever something else has happened that may change what is to be done; returns what ends that. */
  readonly heard?: (ring: () => void) => () => void
}

/** How things stand after a decision. */
export interface Round {
  readonly state: State
  readonly seen: Observation
  readonly now: Instant
  /** Nothing of ours is under way, and nothing can be done at once. */
  readonly isQuiet: boolean
  /** Were all hosts looked at? */
  readonly isFull: boolean
  /** How long it took to decide. */
  readonly decidedInMs: number
  /** When the decision may change although nothing happens. */
  readonly wakeAt?: Instant
}
