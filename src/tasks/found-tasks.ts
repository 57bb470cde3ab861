// Tasks as they were found on a host: one that is known, with what became of it; one that is not, made again from what its containers say.
import {unmetLimits} from '../model/inspection.js'
import type {Instance} from '../model/instance.js'
import type {ContainerSeen, FoundContainer} from '../model/observation.js'
import {otherOwnership} from '../model/ownership.js'
import {recordAt, type State} from '../model/state.js'
import type {Task} from '../model/task.js'
import type {Instant} from '../model/time.js'
import {containerWish} from './container-wish.js'
import type {ContainersSeen} from './facts.js'
import {observed} from './progress.js'
import {type Owned, taskOfLabels} from './rebuilt-task.js'
import type {TaskInContext} from './task-in-context.js'
import {documentOf} from './task-in-context.js'

/** The record after a look at its containers: those that `containers` lacks are gone, and one that is of no task of ours under a recorded name is none. */
export function taskAsFound(context: TaskInContext, containers: readonly ContainerSeen[], now: Instant): Task {
  const {task} = context
  const seen: ContainersSeen = Object.fromEntries(
    task.containers.map(({containerName, name}) => [
      name,
      containers.find((one) => one.name === containerName && one.owner?.taskId === task.id) ?? 'missing',
    ]),
  )
  return observed(task, documentOf(context), seen, now)
}

/**
 * The record of a task that the state does not know, from its containers on this instance. A phrase that says why there can be none: only what stands as its
 * definition and its labels say is taken for one.
 */
export function adoptedTask(state: State, instance: Instance, containers: readonly FoundContainer[], now: Instant): Task | string {
  const owned = containers.filter((one): one is Owned => one.owner?.instanceId === instance.id)
  const [first] = owned
  if (!first || owned.length < containers.length) return 'its labels name another instance'
  const task = taskOfLabels(state, owned)
  const cluster = recordAt(state.clusters, instance.clusterId)
  const definition = recordAt(state.definitions, first.owner.definitionId)
  if (!task || !definition || !cluster) return `task definition ${first.owner.definitionId} is not known`
  const context: TaskInContext = {task, cluster, definition, coreCount: instance.engine.cpuCount}
  const countOf = (name: string) => owned.filter(({owner}) => owner.containerName === name).length
  const odd = documentOf(context).containerDefinitions.find(({name}) => countOf(name) !== 1)
  if (odd) return `it has ${countOf(odd.name)} containers ${odd.name}`
  if (task.need.gpuCount > (task.gpuIds ?? []).length) return 'which GPUs are its own is not known'
  return whyOtherwise(context, owned) ?? taskAsFound(context, owned, now)
}

/** What of the containers is not as their definition says. */
function whyOtherwise(context: TaskInContext, containers: readonly ContainerSeen[]): string | undefined {
  const {containerDefinitions} = documentOf(context)
  for (const seen of containers) {
    const name = seen.owner?.containerName ?? ''
    const definition = containerDefinitions.find((one) => one.name === name)
    const wish = containerWish(context, name)
    if (!definition || !wish) return `its definition has no container ${name}`
    if (!seen.owner || otherOwnership(wish.owner, seen.owner).length > 0) return `labels of container ${name} disagree`
    if (unmetLimits(wish, seen.limits).length > 0) return `container ${name} has other limits than its definition`
    if (definition.command && JSON.stringify(definition.command) !== JSON.stringify(seen.command))
      return `container ${name} has another command than its definition`
  }
  return undefined
}
