// What is done with a service by each who can keep one, and what of it is measured. Every deed begins and ends with empty engines.
import {setTimeout as sleep} from 'node:timers/promises'
import {docker} from '../support/hosts/engine.js'
import type {ContainersSeen, ContainerWatch} from './container-watch.js'
import type {Orchestrator} from './orchestrator.js'
import {median} from './pairs.js'

/** Whoever keeps the service has looked at it by then. */
const SETTLE_MS = 2000

/** Milliseconds, by the name of what was measured. */
export type Took = Readonly<Record<string, number>>

/** As much of an orchestrator as the deed needs. */
export type Deed<Needed extends keyof Orchestrator = keyof Orchestrator> = (
  by: Pick<Orchestrator, Needed>,
  watch: ContainerWatch,
) => Promise<Took>

/** So many tasks are made, and then all of them removed. */
export function createAndRemove(count: number): Deed<'create' | 'remove' | 'sweep'> {
  return async (by, watch) => {
    const created = await measured(watch, `${count} tasks created`, 'all running', () => by.create(count), run(count))
    const began = performance.now()
    const removed = await measured(watch, `${count} tasks removed`, 'none running', () => by.remove(), run(0))
    await emptied(by, watch)
    // Who keeps stopped containers says when all are stopped; the others say nothing, or that they will do it.
    if (by.sweep) return {...created, ...removed}
    const {[`${count} tasks removed, none running`]: stopped = 0} = removed
    return {
      ...created,
      [`${count} tasks removed, none running`]: stopped,
      [`${count} tasks removed, no container left`]: performance.now() - began,
    }
  }
}

/** Every task is replaced by one of the next revision. */
export function rollOut(count: number): Deed {
  return withService(count, async (by, watch) => {
    await by.revise()
    const old = [...watch.running.keys()]
    const isNew = (seen: ContainersSeen) => run(count)(seen) && !old.some((id) => seen.running.has(id))
    return measured(watch, `rolling update of ${count}`, 'new ones alone run', () => by.roll(), isNew)
  })
}

/** The deed, of whose times only that is told which is above what it has to wait. */
export function above<Needed extends keyof Orchestrator>(waitMs: number, deed: Deed<Needed>): Deed<Needed> {
  return async (by, watch) => {
    const took = Object.entries(await deed(by, watch))
    return Object.fromEntries(took.map(([name, ms]) => [`${name}, above the ${waitMs / 1000} s of ECS`, ms - waitMs]))
  }
}

/** There come to be more tasks. */
export function scaleOut(from: number, to: number): Deed {
  return withService(from, (by, watch) => measured(watch, `scaled from ${from} to ${to}`, 'all running', () => by.scale(to), run(to)))
}

/** What is so already is asked for once more, twice: the first time all that a command keeps for the next one may be out of date. */
export function changeNothing(count: number): Deed {
  return withService(count, async (by) => {
    await by.repeat(count)
    const began = performance.now()
    await by.repeat(count)
    return {[`deploy of ${count} that changes nothing`]: performance.now() - began}
  })
}

/** The process of one container after another is killed; what counts is the middle one. */
export function killOnes(count: number): Deed {
  return withService(count, (by, watch) =>
    by.kept(async () => {
      await sleep(SETTLE_MS)
      const times: number[] = []
      for (const [id, host] of [...watch.running]) {
        const pid = Number(await docker(host, 'inspect', '-f', '{{.State.Pid}}', id))
        const began = performance.now()
        process.kill(pid, 'SIGKILL')
        await watch.until('the container to die', ({running}) => !running.has(id))
        await watch.until('a successor', run(count))
        times.push(performance.now() - began)
      }
      return {'kill -9 until the successor runs': median(times)}
    }),
  )
}

/** The deed, with a service of so many tasks that is there before it and is gone after it. */
export function withService<T>(
  count: number,
  deed: (by: Orchestrator, watch: ContainerWatch) => Promise<T>,
): (by: Orchestrator, watch: ContainerWatch) => Promise<T> {
  return async (by, watch) => {
    await by.create(count)
    await watch.until(`${count} tasks to run`, run(count))
    const result = await deed(by, watch)
    await by.remove()
    await emptied(by, watch)
    return result
  }
}

/** Milliseconds until Docker says that it is so, and until the command came back: the one may be before the other. */
async function measured(
  watch: ContainerWatch,
  name: string,
  so: string,
  command: () => Promise<unknown>,
  isSo: (seen: ContainersSeen) => boolean,
): Promise<Took> {
  const began = performance.now()
  const since = () => performance.now() - began
  const [settledMs, returnedMs] = await Promise.all([watch.until(`${name}, ${so}`, isSo).then(since), command().then(since)])
  return {[`${name}, ${so}`]: settledMs, [`${name}, command back`]: returnedMs}
}

function run(count: number): (seen: ContainersSeen) => boolean {
  return ({running}) => running.size === count
}

/** Where containers are kept for a while after they stopped, the next deed does not begin with them. */
async function emptied(by: Pick<Orchestrator, 'sweep'>, watch: ContainerWatch): Promise<void> {
  await watch.until('all tasks to be stopped', run(0))
  await by.sweep?.()
  await watch.until('all containers to be removed', ({there}) => there.size === 0)
}
