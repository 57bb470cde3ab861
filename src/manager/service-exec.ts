// A program run in one of the tasks of a service.
import {ConflictError} from '../errors.js'
import {quoted} from '../model/names.js'
import {overviewOf} from '../model/workload-records.js'
import {standingsOf} from '../scheduling/services/standing.js'
import {unobserved} from '../model/observation.js'
import type {ExecSession} from '../world/engine.js'
import type {World} from '../world/world.js'
import {clusterNamed} from './resolve.js'
import {findService} from './services.js'
import {execInTask, type ExecWanted} from './task-exec.js'

export interface ServiceExecWanted extends Omit<ExecWanted, 'task'> {
  readonly name: string
  /** Absent: the lowest whose task is healthy, else the lowest that runs. */
  readonly slot: number | undefined
}

/** A program that has begun in a task of the service. Throws `ServiceNotFoundException`, `NoTaskRunning`, and as `execInTask`. */
export async function execInService(world: World, {name, slot, ...wanted}: ServiceExecWanted): Promise<ExecSession> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const service = findService(state, cluster, name)
  const now = world.clock.now()
  const standings = standingsOf(state, service, overviewOf(state)(service.id).tasks, unobserved(now), now)
  const running = standings
    .filter(({isRunning, task}) => isRunning && (slot === undefined || task.workload?.slot === slot))
    .sort(
      (a, b) =>
        Number(b.health === 'HEALTHY') - Number(a.health === 'HEALTHY') || (a.task.workload?.slot ?? 0) - (b.task.workload?.slot ?? 0),
    )
  const [chosen] = running
  if (chosen) return execInTask(world, {...wanted, task: chosen.task.id})
  const where = slot === undefined ? '' : ` in slot ${slot}`
  throw new ConflictError('NoTaskRunning', `No task of service ${quoted(name)} runs${where}.`, {
    suggestions: [`berth service describe ${name} -c ${cluster.name}`, `berth service wait ${name} -c ${cluster.name}`],
  })
}
