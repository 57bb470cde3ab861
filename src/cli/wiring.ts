// Puts hands to the interfaces of the world. Everything is made on first use: a command pays only for what it touches.
import {hostname, userInfo} from 'node:os'
import type {World} from '../world/world.js'
import type {ProcessSignals} from './signals.js'

/** What of the command line the world depends on. */
export interface Wishes {
  /** `task run`. */
  readonly command: string
  readonly json: boolean
  readonly quiet: boolean
  readonly yes: boolean
  readonly signals: ProcessSignals
  /** `--state`. */
  readonly stateLocation: string | undefined
}

export interface Wired {
  readonly world: World
  /** Gives back what was opened. */
  close(): Promise<void>
}

export function wire(wishes: Wishes): Wired {
  const world = {
    signal: wishes.signals.signal,
    signals: wishes.signals,
    get why() {
      return {by: whoAmI(), command: wishes.command}
    },
  }
  return {close: async () => {}, world: world as unknown as World}
}

/** `user@host`; the number of a user who has no name. */
function whoAmI(): string {
  return `${userInfo().username}@${hostname()}`
}
