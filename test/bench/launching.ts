// Starting tasks: `task run --detach --count N` beside the same containers by Docker's API alone.
import {cpSync, rmSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {resetHosts} from '../support/hosts/stop.js'
import type {TestHost, TestHosts} from '../support/hosts/test-hosts.js'
import {BenchHome} from './bench-home.js'
import type {TimeFigure} from './figure.js'
import {compared, median, takeTurns, timed} from './pairs.js'
import {launchRaw, removeAll, SAME_CONTAINER} from './raw-engine.js'

const SIZES = [
  {count: 1, rounds: 7},
  {count: 10, rounds: 5},
  {count: 30, rounds: 3},
  {count: 60, rounds: 3, aim: 1.15},
] as const

/** Requests at once on one engine that the raw API is tried with; the fastest is the peer. */
const LIMITS = [2, 4, 6, 10] as const
const TRIED_WITH = 20
const TRIES = 3

interface Place {
  readonly name: string
  readonly hosts: readonly TestHost[]
  /** What each joins as. */
  readonly addresses: readonly string[]
}

/** On the local engine, then on the ssh hosts with their connections open. */
export async function* measureLaunching(hosts: TestHosts): AsyncGenerator<TimeFigure> {
  const local = {name: 'local', hosts: [hosts.local], addresses: [`unix://${hosts.local.socketPath}`]}
  const remote = {name: `${hosts.ssh.length} ssh hosts`, hosts: hosts.ssh, addresses: hosts.ssh.map((host) => host.url)}
  yield* measurePlace(hosts, local)
  yield* measurePlace(hosts, remote)
}

async function* measurePlace(hosts: TestHosts, place: Place): AsyncGenerator<TimeFigure> {
  const home = new BenchHome(hosts.environment)
  try {
    await home.berth('cluster', 'create', 'bench')
    for (const address of place.addresses) await home.berth('instance', 'join', address)
    const limit = await bestLimit(place)
    for (const size of SIZES) yield await measureSize(home, place, limit, size)
  } finally {
    await home.close()
    await resetHosts(hosts)
  }
}

/** The limit whose median is the lowest. */
async function bestLimit({hosts}: Place): Promise<number> {
  const contenders = LIMITS.map((limit) => ({what: String(limit), run: () => launched(hosts, () => launchRaw(hosts, TRIED_WITH, limit))}))
  const measured = await takeTurns(contenders, TRIES)
  const [best] = [...measured].sort((a, b) => median(a.times) - median(b.times))
  return Number(best?.what)
}

async function measureSize(
  home: BenchHome,
  {hosts, name}: Place,
  limit: number,
  {count, rounds, ...rest}: {readonly count: number; readonly rounds: number; readonly aim?: number},
): Promise<TimeFigure> {
  const words = ['task', 'run', '--detach', '--count', String(count), ...SAME_CONTAINER]
  const asBefore = keepState(home)
  const ours = {what: `berth ${words.join(' ')}`, run: () => launched(hosts, () => home.berth(...words)).finally(asBefore)}
  const raw = {
    what: `create and start over HTTP, ${limit} at once on an engine, no ssh`,
    run: () => launched(hosts, () => launchRaw(hosts, count, limit)),
  }
  await ours.run()
  return {...(await compared(`${count} task${count === 1 ? '' : 's'}, ${name}`, ours, raw, rounds)), ...rest}
}

/** Milliseconds until all run; then they are removed. */
async function launched(hosts: readonly TestHost[], launch: () => Promise<unknown>): Promise<number> {
  try {
    return await timed(launch)
  } finally {
    await removeAll(hosts)
  }
}

/** Gives back the state as it is now: no round is to work on the leftovers of the last. */
function keepState(home: BenchHome): () => void {
  const folder = dirname(home.stateFile)
  const kept = join(home.folder, 'state-before')
  cpSync(folder, kept, {recursive: true})
  return () => {
    rmSync(folder, {force: true, recursive: true})
    cpSync(kept, folder, {recursive: true})
  }
}
