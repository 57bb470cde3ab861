// What a commit costs: on states of many sizes by one process, and by many processes at once; and what reading a large state costs a command.
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {put, type State} from '../../src/model/state.js'
import {StateFile} from '../../src/store/state-file.js'
import type {StateStore} from '../../src/world/store.js'
import {aDefinition, anId, anInstance, aState, aTask} from '../support/build.js'
import {EtcdCluster} from '../support/etcd/cluster.js'
import {aStateFileWorld, TEST_WHY} from '../support/state-folder.js'
import {Workers} from '../support/workers.js'
import {BenchHome} from './bench-home.js'
import type {DurationFigure, TimeFigure} from './figure.js'
import {compared, median, timed} from './pairs.js'

const SIZES = [100, 1000, 10_000, 50_000] as const
const COMMITS = 101
const PROCESSES = [1, 10, 50] as const
const COMMITS_EACH = 20
const LISTED = {few: 10, many: 10_000}
const LIST_ROUNDS = 11

export async function* measureCommitting(): AsyncGenerator<DurationFigure | TimeFigure> {
  yield* measureOn((name) => new FilePlace(name))
  const cluster = await EtcdCluster.start()
  try {
    yield* measureOn((name) => new EtcdPlace(cluster, name))
  } finally {
    await cluster.stop()
  }
  yield await listing()
}

/** Where a state is kept while it is measured, under a name of its own. */
interface Place {
  /** In the figure's name. */
  readonly kind: string
  readonly location: string
  open(): StateStore
  remove(): void
}

class FilePlace implements Place {
  readonly kind = ''
  readonly #folder = mkdtempSync(join(tmpdir(), 'berth-bench-'))
  readonly location: string

  constructor(name: string) {
    this.location = join(this.#folder, `${name}.json`)
  }

  open(): StateStore {
    return new StateFile(aStateFileWorld(), this.location)
  }

  remove(): void {
    rmSync(this.#folder, {force: true, recursive: true})
  }
}

/** Three members on this machine: they share its processors and its disk. */
class EtcdPlace implements Place {
  readonly kind = ' in etcd'
  readonly location: string

  constructor(
    private readonly cluster: EtcdCluster,
    private readonly name: string,
  ) {
    this.location = cluster.address(name)
  }

  open(): StateStore {
    return this.cluster.open(this.name)
  }

  /** It goes with the cluster. */
  remove(): void {}
}

async function* measureOn(place: (name: string) => Place): AsyncGenerator<DurationFigure> {
  for (const size of SIZES) yield await inTurn(place(`turn-${size}`), size)
  for (const count of PROCESSES) yield await atOnce(place(`once-${count}`), count)
}

/** One process that changes one task again and again. */
async function inTurn(place: Place, taskCount: number): Promise<DurationFigure> {
  const store = place.open()
  try {
    await store.update(TEST_WHY, () => ({state: stateOf(taskCount), result: undefined}))
    const times: number[] = []
    for (let number = 0; number < COMMITS; number += 1) times.push(await timed(() => store.update(TEST_WHY, changeOne(number, taskCount))))
    return duration(`a commit${place.kind}, ${taskCount} tasks`, `${COMMITS} commits of one changed task, by one process`, times)
  } finally {
    await store.close()
    place.remove()
  }
}

/** Processes that each commit as fast as they can on a state of a thousand tasks. */
async function atOnce(place: Place, count: number): Promise<DurationFigure> {
  const workers = new Workers(new URL('../integration/store/worker.ts', import.meta.url))
  try {
    await place.open().update(TEST_WHY, () => ({state: stateOf(1000), result: undefined}))
    const all = Array.from({length: count}, () => workers.start('count', place.location, COMMITS_EACH))
    await Promise.all(all.map(({ended}) => ended))
    const times = all.flatMap(({said}) => said.map(Number))
    return duration(
      `a commit${place.kind}, 1000 tasks, ${count} processes`,
      `${COMMITS_EACH} commits by each of ${count} processes at once, waiting and first reading included`,
      times,
    )
  } finally {
    await workers.close()
    place.remove()
  }
}

/** The real command on a large state beside the same on a small one. */
async function listing(): Promise<TimeFigure> {
  const [many, few] = [new BenchHome(), new BenchHome()]
  try {
    for (const [home, count] of [
      [many, LISTED.many],
      [few, LISTED.few],
    ] as const) {
      mkdirSync(dirname(home.stateFile), {mode: 0o700, recursive: true})
      const store = new StateFile(aStateFileWorld(), home.stateFile)
      await store.update(TEST_WHY, () => ({state: stateOf(count), result: undefined}))
      await store.close()
    }
    const words = ['task', 'list', '--cached', '-c', 'prod']
    const contender = (home: BenchHome, count: number) => ({
      what: `berth ${words.join(' ')}, ${count} tasks`,
      run: () => home.berth(...words),
    })
    await contender(many, LISTED.many).run()
    await contender(few, LISTED.few).run()
    const figure = await compared(
      `task list --cached, ${LISTED.many} tasks beside ${LISTED.few}`,
      contender(many, LISTED.many),
      contender(few, LISTED.few),
      LIST_ROUNDS,
    )
    return {...figure, aim: 2}
  } finally {
    await many.close()
    await few.close()
  }
}

function stateOf(taskCount: number): State {
  const instances = Array.from({length: 20}, (_, number) => anInstance({id: anId(number, 'a'), name: `i${number}`}))
  const tasks = Array.from({length: taskCount}, (_, number) => {
    const id = anId(number, 'b')
    const container = {name: 'web', containerName: `berth-web-1-web-${id.slice(0, 8)}`, image: 'web:1', lastStatus: 'RUNNING'} as const
    return aTask({id, containers: [container], instanceId: instances[number % instances.length]?.id ?? ''})
  })
  return aState({instances, definitions: [aDefinition()], tasks})
}

function changeOne(number: number, taskCount: number): (state: State) => {state: State; result: undefined} {
  return (state) => {
    const id = anId(number % taskCount, 'b')
    const task = state.tasks[id]
    if (!task) throw new Error(`There is no task ${id}.`)
    return {state: {...state, tasks: put(state.tasks, id, {...task, version: task.version + 1})}, result: undefined}
  }
}

function duration(name: string, what: string, times: readonly number[]): DurationFigure {
  const sorted = [...times].sort((a, b) => a - b)
  return {kind: 'duration', name, what, medianMs: median(times), p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0, count: times.length}
}
