// What an examination of a cluster's hosts, and of the state, finds.
import type {EngineFacts} from './instance.js'
import type {ContainerSeen, ForeignHolding} from './observation.js'
import type {KeptRecord} from './kept-record.js'
import type {InstanceMark} from './ownership.js'

/** `problem`: something does not work, or will not; `note`: worth knowing. */
export type Severity = 'ok' | 'note' | 'problem'

export interface Finding {
  /** The instance's name; absent: of the state. */
  readonly instance?: string
  /** `connection`, `ssh`, `engine`, `disk`, `clock`, `mark`, `containers`, `ports`; of the state `state`, `intents`, `service`, `daemon`. */
  readonly what: string
  readonly severity: Severity
  readonly said: string
  /** What a person would do about it: a command, with a word on what follows it. */
  readonly mend?: string
}

/** A part of a whole, in bytes or in inodes. */
export interface Share {
  readonly free: number
  readonly total: number
}

/** What is left on a file system to who is not root, or why that cannot be told. `inodes` is absent where there is no fixed number of them. */
export type DiskRoom = {readonly told: true; readonly bytes: Share; readonly inodes?: Share} | {readonly told: false; readonly why: string}

/**
 * How a host's sshd lets its engine be used: through its socket, which any number of uses share, or by a session each, of which it then
 * opened so many besides those in use (`atLeast`: it may open more).
 */
export type SshWay =
  | {readonly kind: 'sockets'}
  | {readonly kind: 'sessions'; readonly count: number; readonly atLeast: boolean}
  | {readonly kind: 'untold'; readonly why: string}

/** What one host answered, or why it did not. */
export type Examination =
  | {readonly answered: false; readonly why: string; readonly suggestions: readonly string[]}
  | {
      readonly answered: true
      /** From the first word to the last. */
      readonly tookMs: number
      readonly facts: EngineFacts
      /** Where the engine keeps images and containers. */
      readonly dataRoot: string
      readonly disk: DiskRoom
      /** Absent where the host is not reached by ssh. */
      readonly ssh?: SshWay
      /** How far the host's clock is ahead of ours. */
      readonly clockAheadMs: number
      /** Every container that bears a label of ours. */
      readonly owned: readonly Pick<ContainerSeen, 'name' | 'owner' | 'status'>[]
      readonly marks: readonly InstanceMark[]
      /** What it keeps so that a lost state can be made anew. */
      readonly kept: readonly KeptRecord[]
      readonly foreign: readonly ForeignHolding[]
    }
