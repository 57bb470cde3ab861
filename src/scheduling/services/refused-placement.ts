// A place that was not found, in ECS's words (developer guide, "Service event messages", read 2026-11-23): of the closest match, the first thing that lacks.
import type {Refusal} from '../../model/placement.js'
import {compareText} from '../../model/state.js'

/** What follows `The closest matching (container-instance ID) `, by what a reason's code begins with. */
const LACKS: readonly (readonly [string, string])[] = [
  ['RESOURCE:CPU', 'has insufficient CPU units available.'],
  ['RESOURCE:MEMORY', 'has insufficient memory available.'],
  ['RESOURCE:PORT', 'is already using a port required by your task.'],
  ['RESOURCE', 'has insufficient resources available.'],
  ['ATTRIBUTE', 'is missing an attribute required by your task.'],
]

/** The whole message; closest is who lacks least, then by name. */
export function unplaceable(who: string, {reasons}: Refusal): string {
  const head = `${who} was unable to place a task because no container instance met all of its requirements.`
  const byInstance = new Map<string, (typeof reasons)[number][]>()
  for (const reason of reasons) byInstance.set(reason.instanceId, [...(byInstance.get(reason.instanceId) ?? []), reason])
  const [closest] = [...byInstance].sort(([, a], [, b]) => a.length - b.length || compareText(a[0]?.instance ?? '', b[0]?.instance ?? ''))
  if (!closest) return `${head} Reason: No Container Instances were found in your cluster.`
  const [id, [reason]] = closest
  const code = reason?.code ?? ''
  const lacks = LACKS.find(([start]) => code.startsWith(start))?.[1] ?? `encountered error "${code}".`
  return `${head} The closest matching (container-instance ${id}) ${lacks}`
}
