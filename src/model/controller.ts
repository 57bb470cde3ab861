// The controller of a cluster: the process that keeps its services and daemons as they are wanted. Any number may run; one leads, by a lease of the state.
import type {Timestamp} from './time.js'

/** What the one that leads writes of itself into its cluster's record: at once, and then every few minutes. */
export interface ControllerRecord {
  readonly by: string
  readonly pid: number
  /** Since when it leads. */
  readonly since: Timestamp
  /** When it last looked at all hosts, as of when this was written. */
  readonly lookedAt: Timestamp
  /** How long its last decision took. */
  readonly decidedInMs: number
}

/** One that runs. */
export interface RunningController {
  readonly by?: string
  readonly pid?: number
  readonly since?: Timestamp
  readonly command?: string
}

/** Who runs as controller of a cluster. */
export interface Controllers {
  /** Absent: nobody leads, and nothing is healed until a command looks. */
  readonly leader?: RunningController
  readonly standby: readonly RunningController[]
}

/** As much of a lock as tells who holds it. */
interface Held extends RunningController {
  readonly name: string
  readonly isAlive: boolean
}

/** The lease of the one that leads. */
export function leadershipOf(cluster: string): string {
  return `controller/${cluster}`
}

/** The lease of one that waits for its turn, which nobody else wants: it tells that it is there. */
export function standbyOf(cluster: string, self: string): string {
  return `${leadershipOf(cluster)}/standby/${self}`
}

/** Who runs, by the locks of the state that stand. A dead holder counts as nobody. */
export function controllersIn(locks: readonly Held[], cluster: string): Controllers {
  const alive = locks.filter(({isAlive}) => isAlive)
  const leader = alive.find(({name}) => name === leadershipOf(cluster))
  const standby = alive.filter(({name}) => name.startsWith(standbyOf(cluster, '')))
  return {...(leader ? {leader: runningOf(leader)} : {}), standby: standby.map(runningOf)}
}

function runningOf({by, command, pid, since}: Held): RunningController {
  return {
    ...(by === undefined ? {} : {by}),
    ...(pid === undefined ? {} : {pid}),
    ...(since === undefined ? {} : {since}),
    ...(command === undefined ? {} : {command}),
  }
}

/** `user@host (process 12)`. */
export function controllerText({by, pid}: RunningController): string {
  const who = [by ?? 'this machine', pid === undefined ? [] : `(process ${pid})`].flat()
  return who.join(' ')
}
