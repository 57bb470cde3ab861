// What the crash matrices have in common: commands that are killed at a moment of theirs, and what is looked at then. The engines are stand-ins.
import {createHash} from 'node:crypto'
import {expect} from 'chai'
import {NotFoundError} from '../../../src/errors.js'
import type {Instance} from '../../../src/model/instance.js'
import type {State} from '../../../src/model/state.js'
import type {Task} from '../../../src/model/task.js'
import type {TaskDefinition} from '../../../src/model/task-definition.js'
import {instant} from '../../../src/model/time.js'
import type {Clock} from '../../../src/world/clock.js'
import type {World} from '../../../src/world/world.js'
import {aCluster, aState, LONG_AGO} from '../../support/build.js'
import {Life} from '../../support/mortal-world.js'
import {aWorld, type FakeWorld} from './fake-world.js'

const NEVER = new AbortController().signal
const NOW = instant(LONG_AGO) + 1000

export interface Operation {
  readonly typed: readonly string[]
  /** What stands before it. */
  readonly hosts: readonly Instance[]
  readonly definitions: readonly TaskDefinition[]
  readonly prepare?: (world: World) => Promise<unknown>
  readonly run: (world: World) => Promise<unknown>
  readonly expectReached: (world: FakeWorld, state: State) => Promise<void>
}

/** The cluster with its hosts, each bearing its mark, and what the operation begins with. */
export async function stage(
  {definitions, hosts, prepare}: Pick<Operation, 'definitions' | 'hosts' | 'prepare'>,
  clock?: Clock,
): Promise<FakeWorld> {
  const world: FakeWorld = {
    ...aWorld({now: NOW, state: aState({instances: hosts, definitions})}),
    ids: {next: differingIds()},
    ...(clock ? {clock} : {}),
  }
  for (const host of hosts)
    await world.engineOf(host).writeMark({kind: 'instance', cluster: 'prod', clusterId: aCluster().id, instanceId: host.id}, NEVER)
  if (prepare) await prepare(new Life(1).in(world, ['prepare'], []))
  return world
}

/** The names of containers have the first half of an id. */
function differingIds(): () => string {
  let drawn = 0
  return () => {
    drawn += 1
    return createHash('md5').update(String(drawn)).digest('hex')
  }
}

/** Until it ends or dies. */
export async function live(life: Life, world: FakeWorld, {run: operate, typed}: Pick<Operation, 'run' | 'typed'>): Promise<void> {
  const work = operate(life.in(world, typed, [])).catch((error: unknown) => {
    // What is gone already cannot be named any more.
    if (!(error instanceof NotFoundError)) throw error
  })
  await Promise.race([work, life.death])
}

/** What the operation comes to when nobody kills it, in order. */
export async function momentsOf(operation: Operation, clock?: Clock): Promise<readonly string[]> {
  const life = new Life(2)
  const world = await stage(operation, clock)
  await live(life, world, operation)
  await expectAll(world, operation, 'never killed')
  return life.moments
}

/** Is all as it was wanted, and nothing left over? `where` is told otherwise. */
export async function expectAll(world: FakeWorld, {expectReached}: Pick<Operation, 'expectReached'>, where: string): Promise<void> {
  const {state} = await world.store.read()
  try {
    await expectReached(world, state)
    expect(Object.values(state.intents)).to.deep.equal([])
  } catch (error) {
    if (error instanceof Error) error.message = `${where}: ${error.message}`
    throw error
  }
}

export function running(state: Pick<State, 'tasks'>): readonly Task[] {
  return Object.values(state.tasks).filter(({desiredStatus, lastStatus}) => lastStatus === 'RUNNING' && desiredStatus === 'RUNNING')
}

export function namesOf(tasks: readonly Task[]): readonly string[] {
  return tasks.flatMap((task) => task.containers.map(({containerName}) => containerName)).sort()
}

/** The names of the containers on all hosts, or of those that stand so. */
export async function containers(world: FakeWorld, hosts: readonly Instance[], status?: string): Promise<readonly string[]> {
  const all = await Promise.all(hosts.map((host) => world.engineOf(host).list(NEVER)))
  return all
    .flat()
    .flatMap((one) => (status === undefined || one.status === status ? [one.name] : []))
    .sort()
}

export async function marks(world: FakeWorld, hosts: readonly Instance[]): Promise<number> {
  return (await Promise.all(hosts.map((host) => world.engineOf(host).marks(NEVER)))).flat().length
}
