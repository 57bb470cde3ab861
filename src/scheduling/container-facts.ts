// What is known of one task's containers when the next step is decided.
import type {HealthStatus} from '../model/task.js'
import type {Instant} from '../model/time.js'

/** How far a container has come; it only ever moves to the right, but for a restart by its policy. */
export type ContainerPhase = 'none' | 'created' | 'running' | 'stopped'

export interface ContainerFacts {
  readonly phase: ContainerPhase
  /** Absent while it runs, and of one that never ran: such a one is `stopped` without a code. */
  readonly exitCode?: number
  readonly health?: HealthStatus
  /** When it was last started. */
  readonly startedAt?: Instant
  readonly finishedAt?: Instant
}

/** By the container's name in its definition; a name that is missing counts as `none`. */
export type TaskFacts = Readonly<Record<string, ContainerFacts>>

const NOTHING: ContainerFacts = {phase: 'none'}

export function factsAbout(facts: TaskFacts, name: string): ContainerFacts {
  return Object.hasOwn(facts, name) ? (facts[name] ?? NOTHING) : NOTHING
}
