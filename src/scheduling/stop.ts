// `task stop`, and the stops that other deeds bring.
import type {Plan, RemoveTask, StopTask} from '../model/plan.js'
import {type State, the} from '../model/state.js'
import {taskVolumeNames} from '../model/task-volumes.js'
import type {StopCode, Task} from '../model/task.js'

export interface StopWanted {
  readonly tasks: readonly Task[]
  readonly stopCode: StopCode
  readonly stoppedReason: string
  readonly timeoutSeconds?: number
}

/** A stop for each task that has not stopped; the others are named in notes. */
export function planStop(state: State, wanted: StopWanted): Plan {
  const current = wanted.tasks.flatMap((task) => state.tasks[task.id] ?? [])
  const notes = current.filter((task) => task.lastStatus === 'STOPPED').map((task) => ({said: `task ${task.id} has stopped already`}))
  const actions = current.filter((task) => task.lastStatus !== 'STOPPED').map((task) => stopOf(state, task, wanted))
  return {actions, notes, refusals: []}
}

/** The stop of one task. */
export function stopOf(state: State, task: Task, wanted: Omit<StopWanted, 'tasks'>): StopTask {
  return {
    kind: 'stopTask',
    taskId: task.id,
    instance: the(state.instances, task.instanceId),
    stopCode: wanted.stopCode,
    stoppedReason: wanted.stoppedReason,
    ...(wanted.timeoutSeconds === undefined ? {} : {timeoutSeconds: wanted.timeoutSeconds}),
    because: wanted.stoppedReason,
  }
}

/** The removal of one task's containers from its host. */
export function removalOf(state: State, task: Task, because: string): RemoveTask {
  return {
    kind: 'removeTask',
    taskId: task.id,
    instance: the(state.instances, task.instanceId),
    containerNames: task.containers.map((container) => container.containerName),
    volumeNames: taskVolumeNames(state.definitions[task.definitionId]?.document ?? {}, task.id),
    because,
    destructive: true,
  }
}
