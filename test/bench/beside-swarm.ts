// Services: Berth beside Docker Swarm on the same three hosts and in the same minutes, and for their creation beside Docker's API alone.
import {resetHosts} from '../support/hosts/stop.js'
import type {TestHosts} from '../support/hosts/test-hosts.js'
import {BenchHome} from './bench-home.js'
import {BerthService} from './berth-service.js'
import {ContainerWatch} from './container-watch.js'
import type {CountFigure, DurationFigure, Figure} from './figure.js'
import {measureIdling} from './idling.js'
import {COMMAND, type Orchestrator} from './orchestrator.js'
import {beside, inTurns, type Measured, median} from './pairs.js'
import {launchRaw, removeAll} from './raw-engine.js'
import {above, changeNothing, createAndRemove, type Deed, killOnes, rollOut, scaleOut, type Took} from './service-cases.js'
import {formSwarm, leaveSwarm, SwarmService} from './swarm-service.js'

/** What a person may say of this group. */
export interface BesideOptions {
  readonly rounds: number
  /** Only the cases with one of these names; all where there is none. */
  readonly only: readonly string[]
  readonly signal: AbortSignal
}

/** A task without a health check counts as healthy after so long. */
const ECS_HEALTHY_AFTER_MS = 40_000

/** Requests at once on one engine, by the raw API: the best of those that `npm run bench run` tries. */
const RAW_LIMIT = 4

/** As fast as Swarm can be told to be. The shortest time to watch a task that the docker command does not take for "the default". */
const AT_ONCE = ['--restart-delay', '0s', '--update-monitor', '1ms', '--update-order', 'start-first']
const RAW = 'raw API'
const DEFAULT = 'Swarm'
const TUNED = 'tuned Swarm'
const TUNED_BY_TENS = 'tuned Swarm by tens'

type Stage = Readonly<Record<'berth' | 'ecs' | 'swarm' | 'tuned' | 'byTens', Orchestrator>> & {
  readonly raw: Pick<Orchestrator, 'create' | 'name' | 'remove' | 'sweep' | 'what'>
}
interface Contestant {
  readonly name: string
  readonly what: string
  readonly run: () => Promise<Took>
}
interface Case {
  readonly name: string
  /** Berth's, then each peer's. */
  readonly deeds: (stage: Stage, watch: ContainerWatch) => readonly Contestant[]
  /** By what was measured, and the peer. */
  readonly aims?: Readonly<Record<string, Readonly<Record<string, number>>>>
}

const CASES: readonly Case[] = [
  created(3),
  created(30, {
    '30 tasks created, all running': {[RAW]: 1.1, [DEFAULT]: 1, [TUNED]: 1},
    '30 tasks created, command back': {[DEFAULT]: 0.55},
    '30 tasks removed, none running': {[DEFAULT]: 0.55, [TUNED]: 0.55},
  }),
  created(60),
  besideBoth('update 10', rollOut(10), {}, true),
  besideBoth(
    'update 30',
    rollOut(30),
    {'rolling update of 30, new ones alone run': {[DEFAULT]: 0.15, [TUNED]: 1, [TUNED_BY_TENS]: 1}},
    true,
  ),
  {
    name: 'update 30 by ECS',
    deeds: ({ecs}, watch) => [{name: ecs.name, what: ecs.what, run: () => above(ECS_HEALTHY_AFTER_MS, rollOut(30))(ecs, watch)}],
  },
  besideBoth('scale', scaleOut(30, 60)),
  besideBoth('no change', changeNothing(30)),
  besideBoth('successor', killOnes(3), {'kill -9 until the successor runs': {[DEFAULT]: 1, [TUNED]: 1}}),
]

/** On the ssh hosts. Swarm's command speaks with its manager's own socket, Berth with every host by ssh. */
export async function* measureBesideSwarm(hosts: TestHosts, {only, rounds, signal}: BesideOptions): AsyncGenerator<Figure> {
  const isWanted = (name: string) => only.length === 0 || only.includes(name)
  const home = new BenchHome(hosts.environment, signal)
  const watch = await ContainerWatch.open(hosts.ssh, signal)
  try {
    await formSwarm(hosts.ssh)
    const stage = await makeStage(home, hosts)
    for (const one of CASES.filter(({name}) => isWanted(name))) {
      const measured = await measureCase(one, stage, watch, rounds).catch((error: unknown) => givenUp(one.name, error, signal))
      yield* measured ?? []
      if (measured === undefined) await clean(stage, hosts, watch)
    }
    if (isWanted('idle')) yield* measureIdling(hosts, [stage.berth, stage.swarm], watch, signal)
  } finally {
    watch.close()
    await home.close()
    await leaveSwarm(hosts.ssh)
    await resetHosts(hosts)
  }
}

async function makeStage(home: BenchHome, {ssh}: TestHosts): Promise<Stage> {
  const [manager] = ssh
  if (!manager) throw new Error('A swarm needs a host.')
  const swarm = (name: string, ...flags: readonly string[]) =>
    new SwarmService(name, flags, manager, (program, words) => home.program(program, words))
  const raw = {
    name: RAW,
    what: `create and start over HTTP, ${RAW_LIMIT} at once on an engine, and removal by force, without ssh`,
    create: (count: number) => launchRaw(ssh, count, RAW_LIMIT, COMMAND),
    remove: () => removeAll(ssh),
  }
  const berth = await BerthService.open(home, ssh)
  return {
    berth,
    ecs: berth.asEcs(),
    swarm: swarm(DEFAULT),
    tuned: swarm(TUNED, ...AT_ONCE, '--update-parallelism', '0'),
    byTens: swarm(TUNED_BY_TENS, ...AT_ONCE, '--update-parallelism', '10'),
    raw,
  }
}

function created(count: number, aims: Case['aims'] = {}): Case {
  const deed = createAndRemove(count)
  const deeds: Case['deeds'] = ({berth, raw, swarm, tuned}, watch) =>
    [berth, swarm, tuned, raw].map((by) => ({name: by.name, what: by.what, run: () => deed(by, watch)}))
  return {name: `create ${count}`, deeds, aims}
}

function besideBoth(name: string, deed: Deed, aims: Case['aims'] = {}, byTensToo = false): Case {
  const deeds: Case['deeds'] = ({berth, byTens, swarm, tuned}, watch) =>
    [berth, swarm, tuned, ...(byTensToo ? [byTens] : [])].map((by) => ({name: by.name, what: by.what, run: () => deed(by, watch)}))
  return {name, deeds, aims}
}

async function measureCase({aims = {}, deeds}: Case, stage: Stage, watch: ContainerWatch, rounds: number): Promise<readonly Figure[]> {
  const contenders = deeds(stage, watch)
  const took = await inTurns(
    contenders.map(({run}) => run),
    rounds,
  )
  const all = contenders.map(({name, what}, index) => ({name, what, rounds: took[index] ?? []}))
  const measures = new Set(took.flatMap(([first = {}]) => Object.keys(first)))
  return [...measures].flatMap((measure) => {
    const having = all.filter(({rounds}) => rounds[0]?.[measure] !== undefined)
    const times = having.map(({name, rounds, what}) => ({name, what, times: rounds.map((one) => one[measure] ?? Number.NaN)}))
    return figuresOf(measure, times, aims[measure])
  })
}

/** Berth's beside each peer's; where one of the two has none, what there is alone. */
function figuresOf(
  measure: string,
  measured: readonly (Measured & {readonly name: string})[],
  aims: Readonly<Record<string, number>> = {},
): readonly Figure[] {
  const [first, ...peers] = measured
  if (first?.name !== 'Berth' || peers.length === 0) return measured.map((one) => alone(`${measure}, ${one.name}`, one))
  const figures = peers.map((peer) => beside(`${measure}, beside ${peer.name}`, first, peer, aims[peer.name]))
  return measure.includes('changes nothing') ? [underHalfASecond(measure, first), ...figures] : figures
}

function alone(name: string, {times, what}: Measured): DurationFigure {
  return {kind: 'duration', name, what, medianMs: median(times), p99Ms: Math.max(...times), count: times.length}
}

function underHalfASecond(what: string, {times}: Measured): CountFigure {
  return {
    kind: 'count',
    name: `${what}, milliseconds`,
    what: 'berth service create once more',
    count: Math.round(median(times)),
    aim: '<= 500',
  }
}

/** A case that fails takes no other one with it; the rest of an interrupted bench is not measured. */
function givenUp(name: string, error: unknown, signal: AbortSignal): undefined {
  if (signal.aborted) throw error
  process.stderr.write(`"${name}" was given up: ${error instanceof Error ? error.message : String(error)}\n`)
}

/** After a case that failed. */
async function clean({berth, swarm}: Stage, hosts: TestHosts, watch: ContainerWatch): Promise<void> {
  // Each may or may not have its service.
  await Promise.allSettled([berth.remove(), swarm.remove()])
  await removeAll(hosts.ssh)
  await watch.until('all containers to be removed', ({there}) => there.size === 0)
}
