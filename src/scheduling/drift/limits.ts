// Drift of limits: an engine holds a task's containers to others than the state asks for, or starts them again by a policy of its own.
import type {ContainerUpdate} from '../../model/container-update.js'
import type {Answer, Drift} from '../../model/drift.js'
import {type ContainerWish, unmetLimits} from '../../model/inspection.js'
import type {ContainerLimits, ContainerSeen} from '../../model/observation.js'
import {ENGINE_RESTARTS} from '../../model/healing.js'
import type {Task} from '../../model/task.js'
import {type HostAsked, ownOf} from './asked.js'
import {can, cannot, drift, taskSubject} from './made.js'
import {replacement} from './replacement.js'

const BYTES_PER_MIB = 1024 * 1024

interface Unmet {
  readonly name: string
  readonly seen: ContainerSeen
  readonly wish: ContainerWish
  readonly limits: readonly (keyof ContainerLimits)[]
}

/** One for all of the task's containers; one that does not run is held to nothing. */
export function limitsDrift(asked: HostAsked, task: Task, found: Task): readonly Drift[] {
  const unmet = task.containers.flatMap((container) => {
    const seen = ownOf(asked, task, container)
    const wish = asked.lens.wish(task, container.name)
    if (!seen || !wish || seen.status === 'exited') return []
    const limits = unmetLimits(wish, seen.limits)
    const policy = isEnginesHealing(task, seen) ? 'no' : seen.restartPolicy
    return limits.length > 0 || policy !== 'no' ? [{name: container.name, seen: {...seen, restartPolicy: policy}, wish, limits}] : []
  })
  if (unmet.length === 0) return []
  return [
    drift({
      kind: 'limits',
      instance: asked.instance,
      subject: taskSubject(task.id),
      wanted: unmet.map((one) => limitsText(one, one.wish.limits, 'no')).join('; '),
      found: unmet.map((one) => limitsText(one, one.seen.limits, one.seen.restartPolicy)).join('; '),
      mark: `${task.id} ${JSON.stringify(unmet.map(({name, seen}) => [name, seen.limits, seen.restartPolicy]))}`,
      adopt: adoption(asked, task, unmet),
      revert: reversion(asked, task, found, unmet),
    }),
  ]
}

/** Where nobody watches a service, the engine's own policy stands in: which of the two it is just now is no drift. */
function isEnginesHealing({workload}: Task, {restartPolicy}: ContainerSeen): boolean {
  return workload !== undefined && restartPolicy === ENGINE_RESTARTS
}

function adoption({lens}: HostAsked, task: Task, unmet: readonly Unmet[]): Answer {
  if (unmet.some(({seen}) => seen.restartPolicy !== 'no')) return cannot('what is started again is decided by the definition')
  const override = lens.override(task, Object.fromEntries(unmet.map(({name, seen}) => [name, seen])))
  return override
    ? can('the task asks for these limits from now on, and holds so much of its instance', {kind: 'override', taskId: task.id, override})
    : cannot('no task definition can ask for these limits')
}

/** An engine sets a limit to another, and never takes one off: then only another container will do. */
function reversion(asked: HostAsked, task: Task, found: Task, unmet: readonly Unmet[]): Answer {
  const isOff = unmet.some(({limits, wish}) => limits.some((limit) => wish.limits[limit] === 0))
  if (isOff) return replacement(asked, task, found)
  const containers = unmet.map((one) => ({runtimeId: one.seen.runtimeId, name: one.seen.name, update: updateOf(one)}))
  return can('the engine holds the containers to what is wanted again; they go on', {kind: 'update', taskId: task.id, containers})
}

/** Docker refuses memory above the swap that an earlier limit brought with it: both are said, the swap as at the start. */
function updateOf({limits, seen, wish}: Unmet): ContainerUpdate {
  const {memoryAndSwapBytes = wish.limits.memoryBytes * 2} = wish.limits
  return {
    ...Object.fromEntries(limits.map((limit) => [limit, wish.limits[limit]])),
    ...(limits.includes('memoryBytes') ? {memoryAndSwapBytes} : {}),
    ...(seen.restartPolicy === 'no' ? {} : {restartPolicy: 'no'}),
  }
}

function limitsText({limits, name, seen}: Unmet, from: Partial<ContainerLimits>, restartPolicy: string): string {
  const texts = limits.map((limit) => LIMIT_TEXTS[limit](from[limit] ?? 0))
  return `${name}: ${[...texts, ...(seen.restartPolicy === 'no' ? [] : [`restart policy ${restartPolicy}`])].join(', ')}`
}

const mib = (bytes: number) => (bytes === 0 ? 'none' : bytes < 0 ? 'unlimited' : `${Number((bytes / BYTES_PER_MIB).toFixed(2))} MiB`)

const LIMIT_TEXTS: {readonly [K in keyof ContainerLimits]: (value: number) => string} = {
  cpuShares: (value) => `CPU shares ${value || 'none'}`,
  cpuCores: (value) => `CPU cap ${value || 'none'}`,
  memoryBytes: (value) => `memory ${mib(value)}`,
  memoryReservationBytes: (value) => `memory reservation ${mib(value)}`,
  memoryAndSwapBytes: (value) => `memory and swap ${mib(value)}`,
}
