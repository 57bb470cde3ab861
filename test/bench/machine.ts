// What the figures were measured on, and how busy it was with other things.
import {readFileSync} from 'node:fs'
import {cpus, loadavg, release, totalmem} from 'node:os'
import {setTimeout as sleep} from 'node:timers/promises'
import {run} from '../support/hosts/programs.js'

const LOOK_MS = 2000
/** Of its cores' time; above it the figures say as much about the neighbours. */
const MOST_BUSY = 0.1

export interface Machine {
  readonly cores: number
  readonly processor: string
  readonly memoryGiB: number
  readonly kernel: string
  readonly node: string
  readonly docker: string
  readonly before: Load
  readonly after: Load
  /** Other work went on when the bench began or when it had ended. */
  readonly isLoaded: boolean
}

/** While nothing of the bench runs. */
export interface Load {
  /** Of one minute. */
  readonly average: number
  /** The part of all cores' time that is not idle. */
  readonly busy: number
}

export async function loadNow(): Promise<Load> {
  const before = spent()
  await sleep(LOOK_MS)
  const after = spent()
  return {average: loadavg()[0] ?? 0, busy: 1 - (after.idle - before.idle) / (after.all - before.all)}
}

export async function describeMachine(before: Load, after: Load): Promise<Machine> {
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? '',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    docker: await run('dockerd', ['--version']).then(
      (said) => /version ([^\s,]+)/.exec(said)?.[1] ?? '',
      () => 'none',
    ),
    before,
    after,
    isLoaded: before.busy > MOST_BUSY || after.busy > MOST_BUSY,
  }
}

/** Two lines for a person. */
export function machineText({after, before, cores, docker, isLoaded, kernel, memoryGiB, node, processor}: Machine): string {
  const told = ({average, busy}: Load) => `${Math.round(busy * 100)} % busy, load ${average.toFixed(1)}`
  return `${cores} x ${processor}, ${memoryGiB} GiB, Linux ${kernel}, Node.js ${node}, Docker ${docker}
${isLoaded ? 'Loaded: other work went on' : 'Idle but for the bench'} (before it ${told(before)}; after it ${told(after)})
`
}

function spent(): {readonly idle: number; readonly all: number} {
  const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/).map(Number)
  // Guests' time is in that of the user already.
  const told = fields.slice(0, 8)
  return {idle: (told[3] ?? 0) + (told[4] ?? 0), all: told.reduce((sum, ticks) => sum + ticks, 0)}
}
