// What becomes of a cluster while somebody watches: the commits of all clients heard as they come, and those worth a word told as entries of a log.
import {KnownError} from '../errors.js'
import type {ClusterId} from '../model/cluster.js'
import type {Log, LogEntry} from '../model/log-entry.js'
import {groupOf} from '../model/service.js'
import {recordAt, type State} from '../model/state.js'
import {withRecords} from '../model/state-changes.js'
import type {Change} from '../world/store.js'
import type {World} from '../world/world.js'

/** Between two tries to hear of a state that cannot be read. */
const PAUSE_MS = 1000

export class StateNews {
  readonly #listeners = new Set<() => void>()
  #state: State

  constructor(
    private readonly world: World,
    private readonly clusterId: ClusterId,
    state: State,
    private readonly log: Log,
  ) {
    this.#state = state
  }

  /** Tells every listener of each commit until the signal fires, whatever becomes of the state meanwhile. */
  async listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const change of this.world.store.changes(this.#state.revision, signal)) this.#take(change)
      } catch (error) {
        // The loop that decides meets it too, and says so.
        if (!(error instanceof KnownError)) throw error
      }
      await this.world.clock.sleep(PAUSE_MS, signal).catch(() => {})
    }
  }

  /** Calls `ring` at every commit from now on; returns what ends that. */
  readonly heard = (ring: () => void): (() => void) => {
    this.#listeners.add(ring)
    return () => this.#listeners.delete(ring)
  }

  #take(change: Change): void {
    const before = this.#state
    this.#state = {...withRecords(before, change.records), revision: change.revision}
    for (const entry of entriesOf(change, before, this.#state, this.clusterId)) this.log(entry)
    for (const ring of this.#listeners) ring()
  }
}

/** What a commit says of the cluster that is worth a word, in the order of its records. */
export function entriesOf({at, records}: Change, before: State, after: State, clusterId: ClusterId): readonly LogEntry[] {
  const cluster = recordAt(after.clusters, clusterId)?.name
  return records.flatMap(({id, table}) => {
    const said =
      table === 'tasks' ? taskSaid(id, before, after) : table === 'instances' ? hostSaid(id, before, after) : eventSaid(table, id, after)
    if (!said || said.clusterId !== clusterId) return []
    const {clusterId: _, ...entry} = said
    return {time: at, ...entry, ...(cluster === undefined ? {} : {cluster})}
  })
}

type Said = Omit<LogEntry, 'time' | 'cluster'> & {readonly clusterId: ClusterId}

function eventSaid(table: string, id: string, after: State): Said | undefined {
  const event = table === 'serviceEvents' ? recordAt(after.serviceEvents, id) : undefined
  const workload = event && (recordAt(after.services, event.workloadId) ?? recordAt(after.daemons, event.workloadId))
  return workload && event && {level: 'info', message: event.message, service: workload.name, clusterId: workload.clusterId}
}

function taskSaid(id: string, before: State, after: State): Said | undefined {
  const task = recordAt(after.tasks, id)
  const was = recordAt(before.tasks, id)?.lastStatus
  if (!task || task.lastStatus === was || (task.lastStatus !== 'RUNNING' && task.lastStatus !== 'STOPPED')) return undefined
  const {clusterId, workload} = task
  const instance = recordAt(after.instances, task.instanceId)?.name
  const where = instance === undefined ? '' : ` on ${instance}`
  const who = `task ${id}${workload ? ` of ${groupOf(workload.kind, workload.name)}` : ''}`
  const isFailure = task.stopCode === 'TaskFailedToStart' || task.stopCode === 'EssentialContainerExited'
  return {
    level: isFailure ? 'warn' : 'info',
    message:
      task.lastStatus === 'RUNNING' ? `${who} runs${where}` : `${who} has stopped${where}: ${task.stoppedReason ?? 'no reason is known'}`,
    task: id,
    clusterId,
    ...(workload ? {service: workload.name} : {}),
    ...(instance === undefined ? {} : {instance}),
  }
}

function hostSaid(id: string, before: State, after: State): Said | undefined {
  const [was, now] = [recordAt(before.instances, id), recordAt(after.instances, id)]
  if (!now || (was?.silentSince === undefined) === (now.silentSince === undefined)) return undefined
  const isSilent = now.silentSince !== undefined
  if (!isSilent && !was) return undefined
  const message = isSilent ? `instance ${now.name} does not answer` : `instance ${now.name} answers again`
  return {level: isSilent ? 'warn' : 'info', message, instance: now.name, clusterId: now.clusterId}
}
