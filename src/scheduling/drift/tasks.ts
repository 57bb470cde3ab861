// Drift of one task that should run: containers that are gone or are others than recorded, limits, labels, ports. A container that has stopped is an
// ordinary end, whoever stopped it.
import type {Drift} from '../../model/drift.js'
import {otherOwnership} from '../../model/ownership.js'
import type {ContainerSeen} from '../../model/observation.js'
import type {NetworkBinding, Task, TaskContainer} from '../../model/task.js'
import {type HostAsked, ownOf} from './asked.js'
import {limitsDrift} from './limits.js'
import {can, cannot, drift, taskSubject} from './made.js'
import {replacement} from './replacement.js'

/** Of a task with a container that is gone or another nothing else is told: what to do about that decides it. */
export function taskDrift(asked: HostAsked, task: Task): readonly Drift[] {
  const found = asked.lens.found(task, asked.host.containers)
  const gone = task.containers.filter((one) => one.lastStatus === 'RUNNING' && !ownOf(asked, task, one))
  if (gone.length > 0) return [removed(asked, task, found, gone)]
  const other = task.containers.filter((one) => one.runtimeId !== undefined && isOther(one, ownOf(asked, task, one)))
  if (other.length > 0) return [replaced(asked, task, found, other)]
  return [...labels(asked, task, found), ...limitsDrift(asked, task, found), ...ports(asked, task, found)]
}

function isOther({lastStatus, runtimeId}: TaskContainer, seen: ContainerSeen | undefined): boolean {
  return lastStatus === 'RUNNING' && seen !== undefined && seen.runtimeId !== runtimeId
}

function removed(asked: HostAsked, task: Task, found: Task, gone: readonly TaskContainer[]): Drift {
  const {host, instance} = asked
  const held = gone.filter(({containerName}) => host.containers.some(({name}) => name === containerName))
  const names = gone.map(({containerName}) => containerName).join(', ')
  const ends =
    found.lastStatus === 'STOPPED'
      ? 'is recorded as STOPPED'
      : found.lastStatus === 'RUNNING'
        ? 'goes on without it'
        : 'ends, and what is left of it is stopped'
  return drift({
    kind: 'removed',
    instance,
    subject: taskSubject(task.id),
    wanted: `${names} ${gone.length === 1 ? 'runs' : 'run'}`,
    found: held.length === 0 ? 'gone' : `gone, and a container that is not its own bears the name`,
    mark: `${task.id} ${gone.map(({runtimeId}) => runtimeId ?? '').join(' ')}`,
    adopt: can(`the task ${ends}`, {kind: 'record', task: found}),
    revert: replacement(asked, task, found),
  })
}

function replaced(asked: HostAsked, task: Task, found: Task, other: readonly TaskContainer[]): Drift {
  const seen = other.flatMap((one) => ownOf(asked, task, one) ?? [])
  const odd = task.containers.flatMap((one) => otherLabels(asked, task, one))
  return drift({
    kind: 'replaced',
    instance: asked.instance,
    subject: taskSubject(task.id),
    wanted: other.map(({containerName, runtimeId = ''}) => `${containerName} is ${runtimeId.slice(0, 12)}`).join(', '),
    found: seen.map(({runtimeId}) => `made anew as ${runtimeId.slice(0, 12)}`).join(', '),
    mark: `${task.id} ${seen.map(({runtimeId}) => runtimeId).join(' ')}`,
    adopt:
      odd.length > 0
        ? cannot('its labels are others too')
        : can('the containers there are recorded as its own', {kind: 'record', task: found}),
    revert: replacement(asked, task, found),
  })
}

function labels(asked: HostAsked, task: Task, found: Task): readonly Drift[] {
  const odd = task.containers.flatMap((one) => otherLabels(asked, task, one))
  if (odd.length === 0) return []
  return [
    drift({
      kind: 'labels',
      instance: asked.instance,
      subject: taskSubject(task.id),
      wanted: odd.map(({field, wanted}) => `${field} ${wanted}`).join(', '),
      found: odd.map(({field, is}) => `${field} ${is}`).join(', '),
      adopt: cannot('what runs under other labels is another task'),
      revert: replacement(asked, task, found),
    }),
  ]
}

function otherLabels(asked: HostAsked, task: Task, container: TaskContainer) {
  const owner = ownOf(asked, task, container)?.owner
  const wanted = asked.lens.wish(task, container.name)?.owner
  if (!owner || !wanted) return []
  return otherOwnership(wanted, owner).map((field) => ({field, wanted: wanted[field] ?? 'none', is: owner[field] ?? 'none'}))
}

function ports(asked: HostAsked, task: Task, found: Task): readonly Drift[] {
  if (found.lastStatus !== 'RUNNING') return []
  const textOf = ({containers}: Task) =>
    containers
      .flatMap(({networkBindings = []}) => networkBindings.map(bindingText))
      .sort()
      .join(', ')
  const [wanted, is] = [textOf(task), textOf(found)]
  if (wanted === is) return []
  return [
    drift({
      kind: 'port',
      instance: asked.instance,
      subject: taskSubject(task.id),
      wanted: wanted || 'no port',
      found: is || 'no port',
      adopt: can('the ports there are recorded', {kind: 'record', task: found}),
      revert: replacement(asked, task, found),
    }),
  ]
}

function bindingText({bindIP, containerPort, hostPort, protocol}: NetworkBinding): string {
  return `${bindIP.includes(':') ? `[${bindIP}]` : bindIP}:${hostPort}->${containerPort}/${protocol}`
}
