// Containers that bear the labels of the cluster and belong to no task that the state knows, or not to that one: started by hand, copied, or left behind
// when the state was restored.
import type {Answer, Drift} from '../../model/drift.js'
import type {FoundContainer} from '../../model/observation.js'
import {recordAt} from '../../model/state.js'
import type {TaskId} from '../../model/task.js'
import type {HostAsked} from './asked.js'
import {can, cannot, drift, taskSubject} from './made.js'

/** It runs, or may at any moment. */
const UP: ReadonlySet<string> = new Set(['running', 'paused', 'restarting'])

/** One for each task that their labels name. */
export function strayDrift(asked: HostAsked): readonly Drift[] {
  const strays = new Map<TaskId, FoundContainer[]>()
  for (const seen of asked.host.containers) {
    if (seen.owner?.clusterId !== asked.clusterId || !isStray(asked, seen, seen.owner.taskId)) continue
    strays.set(seen.owner.taskId, [...(strays.get(seen.owner.taskId) ?? []), seen])
  }
  return [...strays].map(([taskId, containers]) => strayOf(asked, taskId, containers))
}

/** Not where the state knew the task before the look or knows it now: then somebody is at it. */
function isStray({before, instance, state}: HostAsked, {name, status}: FoundContainer, taskId: TaskId): boolean {
  const then = recordAt(before.tasks, taskId)
  const now = recordAt(state.tasks, taskId)
  if (!then && !now) return true
  if (!then || !now) return false
  const isItsOwn = now.instanceId === instance.id && now.containers.some(({containerName}) => containerName === name)
  return isItsOwn ? then.lastStatus === 'STOPPED' && UP.has(status) : true
}

function strayOf(asked: HostAsked, taskId: TaskId, containers: readonly FoundContainer[]): Drift {
  const {instance, state} = asked
  const task = recordAt(state.tasks, taskId)
  const named = containers.map(({name, runtimeId}) => ({name, runtimeId})).sort((a, b) => (a.runtimeId < b.runtimeId ? -1 : 1))
  const names = named.map(({name}) => name).join(', ')
  return drift({
    kind: 'started',
    instance,
    subject: taskSubject(taskId),
    wanted: !task ? 'no such task' : task.lastStatus === 'STOPPED' ? 'stopped' : 'only its own containers',
    found: `${names} ${containers.some(({status}) => UP.has(status)) ? (named.length === 1 ? 'runs' : 'run') : 'lies there'}`,
    mark: named.map(({runtimeId}) => runtimeId).join(' '),
    adopt: adoption(asked, taskId, containers),
    revert: can(`${names} ${named.length === 1 ? 'is' : 'are'} removed`, {kind: 'remove', taskId, containers: named}),
  })
}

function adoption({instance, lens, state}: HostAsked, taskId: TaskId, containers: readonly FoundContainer[]): Answer {
  const known = recordAt(state.tasks, taskId)
  if (known) return cannot(known.lastStatus === 'STOPPED' ? 'a task is never run again' : 'the task has its containers')
  const task = lens.adopted(instance, containers)
  return typeof task === 'string' ? cannot(task) : can(`the task is recorded, ${task.lastStatus}`, {kind: 'record', task})
}
