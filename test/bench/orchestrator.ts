// One service on three hosts, in the words that Berth and Docker Swarm have in common.
import type {Environment} from './bench-home.js'

/** Who keeps the service. Every deed comes back when the command does, not when it is carried out. */
export interface Orchestrator {
  /** How a reader knows it from the others. */
  readonly name: string
  /** The commands, and what of them is not the default. */
  readonly what: string
  create(count: number): Promise<unknown>
  /** Another revision is there to be rolled out; not a part of what is measured. */
  revise(): Promise<unknown>
  /** Every task is replaced by one of the newest revision. */
  roll(): Promise<unknown>
  scale(count: number): Promise<unknown>
  /** Says once more what is so already. */
  repeat(count: number): Promise<unknown>
  remove(): Promise<unknown>
  /** Where stopped containers are kept for a while: removes them, beside the orchestrator. */
  readonly sweep?: () => Promise<unknown>
  /** While the deed goes on, somebody looks after the service. */
  kept<T>(deed: (keeper: Keeper) => Promise<T>): Promise<T>
}

/** Who looks after services. */
export interface Keeper {
  /** Absent where the engines themselves do. */
  readonly pid?: number
  /** The folder of the sockets of its ssh connections, which outlive the command that opened them. */
  readonly connections?: string
}

/** What every task runs, and with how much memory: it ends at once by SIGTERM. */
export const COMMAND: readonly string[] = ['sh', '-c', 'trap "exit 0" TERM; sleep 3600 & wait']
export const MIB_A_TASK = 8

/** Runs a program to its end; throws unless it exits with 0. */
export type Runner = (program: string, words: readonly string[], environment?: Environment) => Promise<unknown>
