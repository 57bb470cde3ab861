// Tasks as they were found on a host: one that is known, with what became of it; one that is not, made again from what its containers say.
import {unmetLimits} from '../model/inspection.js'
import {isInternal, runDocument} from '../model/run-document.js'
import type {Instance} from '../model/instance.js'
import type {ContainerSeen} from '../model/observation.js'
import {otherOwnership} from '../model/ownership.js'
import {recordAt, type State} from '../model/state.js'
import type {Task} from '../model/task.js'
import {needOf} from '../model/task-definition.js'
import {type Instant, instant} from '../model/time.js'
import {containerWish} from './container-wish.js'
import type {ContainersSeen} from './facts.js'
import {observed} from './progress.js'
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
 * The record of a task that the state does not know, from its containers on this instance. A phrase that says why there can be none: labels do not tell
 * what a run gave over its definition, so only what stands as its definition says is taken for one.
 */
export function adoptedTask(state: State, instance: Instance, containers: readonly ContainerSeen[], now: Instant): Task | string {
  const owner = containers[0]?.owner
  if (!owner || owner.instanceId !== instance.id) return 'its labels name another instance'
  const definition = recordAt(state.definitions, owner.definitionId)
  const cluster = recordAt(state.clusters, instance.clusterId)
  if (!definition || !cluster || definition.hash !== owner.definitionHash) return `task definition ${owner.definitionId} is not known`
  const {containerDefinitions} = runDocument(definition.document)
  const seenOf = (name: string) => containers.filter((one) => one.owner?.containerName === name)
  const odd = containerDefinitions.find(({name}) => seenOf(name).length !== 1)
  if (odd) return `it has ${seenOf(odd.name).length} containers ${odd.name}`
  const need = needOf(definition.document)
  if (need.gpuCount > 0) return 'which GPUs are its own is not known'
  const begun: Task = {
    id: owner.taskId,
    clusterId: cluster.id,
    instanceId: instance.id,
    definitionId: definition.id,
    group: owner.group,
    ...(owner.startedBy === undefined ? {} : {startedBy: owner.startedBy}),
    need,
    desiredStatus: 'RUNNING',
    lastStatus: 'PENDING',
    containers: containerDefinitions.map(({image, name}) => ({
      name,
      containerName: seenOf(name)[0]?.name ?? '',
      image,
      lastStatus: 'PENDING',
      ...(isInternal(name) ? {internal: true} : {}),
    })),
    createdAt: containers.map(({createdAt}) => createdAt).reduce((a, b) => (instant(a) <= instant(b) ? a : b)),
    version: 0,
  }
  const context: TaskInContext = {task: begun, cluster, definition, coreCount: instance.engine.cpuCount}
  return whyOtherwise(context, containers) ?? taskAsFound(context, containers, now)
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
