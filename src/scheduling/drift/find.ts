// What differs between what the state says of a cluster and what its hosts hold. It compares and changes nothing: an observation that was folded in first
// would have made a record of what a person is to be asked about.
import type {Drift} from '../../model/drift.js'
import {DRIFT_KINDS} from '../../model/ignored-drift.js'
import type {Instance} from '../../model/instance.js'
import {compareText, instancesOf, recordAt, tasksOf} from '../../model/state.js'
import type {Task} from '../../model/task.js'
import type {DriftAsked, HostAsked} from './asked.js'
import {clockDrift, engineDrift} from './hosts.js'
import {imageDrift} from './images.js'
import {stolenPorts} from './ports.js'
import {strayDrift} from './strays.js'
import {taskDrift} from './tasks.js'

/** By instance, kind and subject. A silent host has none: what became of it is not known. */
export function findDrift(asked: DriftAsked): readonly Drift[] {
  return instancesOf(asked.state, asked.clusterId).flatMap((instance) => {
    const host = asked.inspection.hosts[instance.id]
    return host?.answered ? driftOn({...asked, instance, host, tasks: steadyTasks(asked, instance)}) : []
  })
}

function driftOn(asked: HostAsked): readonly Drift[] {
  const found = [
    ...asked.tasks.flatMap((task) => taskDrift(asked, task)),
    ...strayDrift(asked),
    ...stolenPorts(asked),
    ...imageDrift(asked),
    ...engineDrift(asked),
    ...clockDrift(asked),
  ]
  const rank = ({kind}: Drift) => DRIFT_KINDS.indexOf(kind)
  return found.sort((a, b) => rank(a) - rank(b) || compareText(a.subject, b.subject) || compareText(a.id, b.id))
}

function steadyTasks({before, clusterId, state}: DriftAsked, instance: Instance): readonly Task[] {
  return tasksOf(state, clusterId).filter(
    (task) =>
      task.instanceId === instance.id &&
      task.desiredStatus === 'RUNNING' &&
      task.lastStatus !== 'STOPPED' &&
      recordAt(before.tasks, task.id)?.version === task.version,
  )
}

/** Ignored drift of hosts that answered and that is found no more, by id. Where a task changed during the look it is not known yet. */
export function noLongerFound(asked: DriftAsked, found: readonly Drift[]): readonly string[] {
  const ids = new Set(found.map(({id}) => id))
  const isKnown = (instance: Instance) => {
    const unstopped = tasksOf(asked.state, asked.clusterId).filter(
      (task) => task.instanceId === instance.id && task.lastStatus !== 'STOPPED',
    )
    return unstopped.every((task) => recordAt(asked.before.tasks, task.id)?.version === task.version)
  }
  return instancesOf(asked.state, asked.clusterId)
    .filter((instance) => asked.inspection.hosts[instance.id]?.answered && isKnown(instance))
    .flatMap(({id: instanceId}) => Object.values(asked.state.ignoredDrift).filter((one) => one.instanceId === instanceId))
    .flatMap(({id}) => (ids.has(id) ? [] : [id]))
}
