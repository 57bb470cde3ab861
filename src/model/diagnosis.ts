// What an examination of a cluster's hosts, and of the state, finds.
import type {EngineFacts} from './instance.js'
import type {ContainerSeen, ForeignHolding} from './observation.js'
import type {HostRecord} from './ownership.js'

/** `problem`: something does not work, or will not; `note`: worth knowing. */
export type Severity = 'ok' | 'note' | 'problem'

export interface Finding {
  /** The instance's name; absent: of the state. */
  readonly instance?: string
  /** `connection`, `engine`, `clock`, `mark`, `containers`, `ports`; of the state `state`, `intents`. */
  readonly what: string
  readonly severity: Severity
  readonly said: string
  /** What a person would do about it: a command, with a word on what follows it. */
  readonly mend?: string
}

/** What one host answered, or why it did not. */
export type Examination =
  | {readonly answered: false; readonly why: string; readonly suggestions: readonly string[]}
  | {
      readonly answered: true
      /** From the first word to the last. */
      readonly tookMs: number
      readonly facts: EngineFacts
      /** How far the host's clock is ahead of ours. */
      readonly clockAheadMs: number
      /** Every container that bears a label of ours. */
      readonly owned: readonly Pick<ContainerSeen, 'name' | 'owner' | 'status'>[]
      readonly marks: readonly HostRecord[]
      readonly foreign: readonly ForeignHolding[]
    }
