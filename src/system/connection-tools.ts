// What the connections are made with, and the two settings a person has for them.
import {InvalidInputError} from '../errors.js'
import type {Clock, Ids} from '../world/clock.js'
import type {Locks} from '../world/locks.js'
import type {Environment} from './paths.js'

/** Ten minutes: the next command of the same sitting finds its connection open. */
const DEFAULT_PERSIST_SECONDS = 600

export interface ConnectionTools {
  readonly clock: Clock
  /** `BERTH_SSH_CONFIG` and `BERTH_SSH_PERSIST_SECONDS` are read. */
  readonly env: Environment
  readonly ids: Ids
  readonly locks: Locks
  /** Tells the person what is unusual about a way, or why nothing happens. */
  note(text: string): void
  readonly runtimeFolder: string
  readonly uid: number
}

/** The ssh configuration to read in place of the person's own. */
export function sshConfig(env: Environment): string | undefined {
  return env.BERTH_SSH_CONFIG === '' ? undefined : env.BERTH_SSH_CONFIG
}

/** How long a connection nobody uses stays open. Throws `InvalidSetting`; 0 is refused, for to ssh it means for ever. */
export function persistSeconds(env: Environment): number {
  const text = env.BERTH_SSH_PERSIST_SECONDS
  if (text === undefined || text === '') return DEFAULT_PERSIST_SECONDS
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new InvalidInputError(
    'InvalidSetting',
    `BERTH_SSH_PERSIST_SECONDS is "${text}"; give a number of seconds from 1 on, such as 600.`,
    {
      suggestions: ['export BERTH_SSH_PERSIST_SECONDS=600', 'unset BERTH_SSH_PERSIST_SECONDS'],
    },
  )
}
