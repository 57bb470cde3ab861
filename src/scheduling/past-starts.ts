// What services and daemons had started, as the history of the state tells it, and why each task went where it went: told of the state that it was decided on.
import type {RequiredAttribute} from '../model/attributes.js'
import type {ClusterId} from '../model/cluster.js'
import type {Explanation} from '../model/explanation.js'
import {unobserved} from '../model/observation.js'
import type {PlacementRequest} from '../model/placement.js'
import type {WorkloadSeat} from '../model/service.js'
import {compareText, recordAt, type State} from '../model/state.js'
import type {RecordChange} from '../model/state-changes.js'
import type {Task} from '../model/task.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import {instant, type Timestamp} from '../model/time.js'
import {explain} from '../placement/explain.js'
import {buildFleet, type Fleet, withTasks} from '../placement/fleet.js'
import {HOLDER} from '../placement/place.js'
import {daemonConstraints, daemonRequest, withoutRanks} from './daemons/daemon-request.js'
import {replicaRequest} from './services/replica-request.js'

/** A commit of the history, as far as it is read here. */
export interface Commit {
  readonly revision: number
  readonly at: Timestamp
  readonly records: readonly RecordChange[]
}

/** Tasks of one service or daemon that one commit had started. */
export interface PastStart {
  /** Of the state with them. */
  readonly revision: number
  readonly workload: WorkloadSeat
  /** As they were recorded, in the order in which they were placed. */
  readonly tasks: readonly [Task, ...Task[]]
}

/** In the order of the commits; those of one commit in the order in which they were decided: daemons first, each by name. */
export function pastStarts(commits: Iterable<Commit>, clusterId: ClusterId): readonly PastStart[] {
  const known = new Set<string>()
  const starts: PastStart[] = []
  for (const {records, revision} of commits) {
    const byWorkload = new Map<string, [Task, ...Task[]]>()
    for (const {id, record, table} of records) {
      if (table !== 'tasks' || record === null) continue
      const task = record as Task
      const isNew = task.version === 1 && task.lastStatus === 'PENDING' && !known.has(id)
      known.add(id)
      if (!isNew || task.workload === undefined || task.clusterId !== clusterId) continue
      const of = byWorkload.get(task.workload.id)
      if (of) of.push(task)
      else byWorkload.set(task.workload.id, [task])
    }
    starts.push(...[...byWorkload.values()].map((tasks) => startOf(revision, tasks)).sort(byTurn))
  }
  return starts
}

function startOf(revision: number, tasks: [Task, ...Task[]]): PastStart {
  tasks.sort((a, b) => (a.workload?.slot ?? 0) - (b.workload?.slot ?? 0) || compareText(a.id, b.id))
  return {revision, workload: tasks[0].workload as WorkloadSeat, tasks}
}

function byTurn({workload: a}: PastStart, {workload: b}: PastStart): number {
  return Number(b.kind === 'daemon') - Number(a.kind === 'daemon') || compareText(a.name, b.name)
}

/** Why a task went where it went, and what was asked for it. */
export interface ExplainedStart {
  readonly request: PlacementRequest
  readonly explanation: Explanation
}

/**
 * `before`: the state that the commit was decided on; `decided`: all that the commit had started, of which those placed before the task had taken their part. What
 * containers of others held, and which hosts were silent for a moment, no state tells. `undefined` where the state does not know the task's service or daemon.
 */
export function explainStart(
  before: State,
  decided: readonly PastStart[],
  task: Task,
  requiredAttributes: (document: TaskDefinitionDocument) => readonly RequiredAttribute[],
): ExplainedStart | undefined {
  const {workload} = task
  const definition = recordAt(before.definitions, task.definitionId)
  if (!workload || !definition) return undefined
  const now = instant(task.createdAt)
  const own = decided.find(({tasks}) => tasks.some(({id}) => id === task.id))
  const earlier = tasksBefore(decided, task)
  const fleet = afterTasks(buildFleet(before, task.clusterId, unobserved(now)), earlier)
  if (workload.kind === 'daemon') {
    const daemon = recordAt(before.daemons, workload.id)
    if (!daemon) return undefined
    const request = daemonRequest(daemon, definition.document, requiredAttributes(definition.document))
    const instance = before.instances[task.instanceId]?.name ?? task.instanceId
    const chosen = {instance, because: 'a daemon has one task on each instance that it belongs on'}
    const constraints = daemonConstraints(daemon, definition.document)
    return {request: {...request, constraints}, explanation: {...withoutRanks(explain(request, fleet)), chosen}}
  }
  const service = recordAt(before.services, workload.id)
  if (!service) return undefined
  const firstSlot = own?.workload.slot ?? workload.slot ?? 1
  const request = {...replicaRequest({state: before, now, requiredAttributes}, service, definition, [firstSlot]), count: 1}
  const taken = new Map<string, number>()
  for (const {instanceId} of earlier.filter((one) => one.workload?.id === service.id))
    taken.set(instanceId, (taken.get(instanceId) ?? 0) + 1)
  return {request, explanation: explain(request, fleet, taken)}
}

function tasksBefore(decided: readonly PastStart[], task: Task): readonly Task[] {
  const all = decided.flatMap(({tasks}) => tasks)
  const place = all.findIndex(({id}) => id === task.id)
  return all.slice(0, Math.max(0, place))
}

function afterTasks({candidates}: Fleet, tasks: readonly Task[]): Fleet {
  if (tasks.length === 0) return {candidates}
  return {
    candidates: candidates.map((candidate) =>
      tasks
        .filter(({instanceId}) => instanceId === candidate.instance.id)
        .reduce((one, {group, need}) => withTasks(one, need, group, HOLDER), candidate),
    ),
  }
}
