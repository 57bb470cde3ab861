// Tasks as a person reads them.
import {deploymentName} from '../model/deployment.js'
import type {State} from '../model/state.js'
import type {NetworkBinding, Task, TaskContainer, TaskId} from '../model/task.js'
import type {Instant} from '../model/time.js'
import {ago} from './age.js'
import {fields, table, visible} from './table.js'
import type {View} from './view.js'

export interface TasksShown {
  readonly state: State
  readonly tasks: readonly Task[]
  /** The last lines of those that have stopped, by id, where they were kept. */
  readonly lastWords?: Readonly<Record<TaskId, string>>
}

const SHORT_ID_LENGTH = 12
const MOST_LAST_LINES = 20

/** The ids alone, one a line: what a change answers. */
export function taskIdsView({tasks}: TasksShown): View {
  const ids = tasks.map(({id}) => id)
  return {ids, text: ids.join('\n')}
}

/** What a run answers: for each task where it can be reached, then its id. Nothing where the run was attached: its output was the answer. */
export function ranTasksView({attached, state, tasks}: TasksShown & {readonly attached?: boolean}): View {
  const lines = tasks.flatMap((task) => [...addresses(state, task), task.id])
  return {ids: tasks.map(({id}) => id), text: attached ? '' : lines.join('\n')}
}

/** The schemes of container ports that are known by their number; what others speak is not guessed. */
const SCHEMES: Readonly<Record<number, string>> = {80: 'http://', 443: 'https://', 8080: 'http://'}

/** Addresses of its published TCP ports as seen from here: URLs of the web's ports, `host:port` of others. One that listens on IPv4 and IPv6 is named once. */
function addresses(state: State, task: Task): readonly string[] {
  const address = state.instances[task.instanceId]?.address
  const host = address === undefined || address.kind === 'unix' ? 'localhost' : address.host
  const bindings = task.containers.flatMap((container) => container.networkBindings ?? []).filter(({protocol}) => protocol === 'tcp')
  return [...new Set(bindings.map(({containerPort, hostPort}) => `${SCHEMES[containerPort] ?? ''}${host}:${hostPort}`))]
}

/** One row a task: where it runs, how it stands, since when, what it publishes. */
export function tasksView({state, tasks}: TasksShown, now: Instant): View {
  const rows = tasks.map((task) => [
    task.id.slice(0, SHORT_ID_LENGTH),
    task.definitionId,
    taskStatusText(state, task),
    instanceName(state, task),
    ago(task.stoppedAt ?? task.startedAt ?? task.createdAt, now),
    shown(task)
      .flatMap((container) => (container.exitCode === undefined ? [] : [String(container.exitCode)]))
      .join(', ') || '-',
    shown(task)
      .flatMap((container) => (container.networkBindings ?? []).map(bindingText))
      .join(', ') || '-',
  ])
  return {
    ids: tasks.map(({id}) => id),
    text: rows.length === 0 ? 'No tasks.' : table(['TASK', 'DEFINITION', 'STATUS', 'INSTANCE', 'SINCE', 'EXIT', 'PORTS'], rows),
  }
}

/** All that is known of each, and its last words. */
export function taskDetailsView({lastWords, state, tasks}: TasksShown): View {
  const text = tasks.map((task) => [taskDetails(state, task), ...lastWordsText(lastWords?.[task.id])].join('\n\n')).join('\n\n')
  return {ids: tasks.map(({id}) => id), text}
}

function lastWordsText(words: string | undefined): readonly string[] {
  if (words === undefined || words === '') return []
  const lines = words.trimEnd().split('\n').slice(-MOST_LAST_LINES)
  return [['  Last words:', ...lines.map((line) => `    ${visible(line)}`)].join('\n')]
}

function taskDetails(state: State, task: Task): string {
  const head = fields([
    ['Task', task.id],
    ['Definition', task.definitionId],
    ['Group', task.group],
    ['Slot', task.workload?.slot === undefined ? undefined : `${task.workload.name}/${task.workload.slot}`],
    ['Deployment', task.workload && deploymentName(task.workload.deploymentId)],
    ['Protected until', task.protectedUntil],
    ['Started by', task.startedBy],
    [
      'Tags',
      task.tags &&
        Object.entries(task.tags)
          .map(([key, value]) => `${key}=${value}`)
          .join(', '),
    ],
    ['Instance', instanceName(state, task)],
    ['Status', `${taskStatusText(state, task)}, wanted ${task.desiredStatus}`],
    ['Stop code', task.stopCode],
    ['Stopped because', task.stoppedReason],
    ['Takes', `${task.need.cpuUnits} CPU units, ${task.need.memoryMiB} MiB`],
    ['Created', task.createdAt],
    ['Pulled', task.pullStartedAt && `${task.pullStartedAt} to ${task.pullStoppedAt ?? 'now'}`],
    ['Started', task.startedAt],
    ['Stopping', task.stoppingAt],
    ['Stopped', task.stoppedAt],
  ])
  return [head, ...shown(task).map(containerDetails)].join('\n\n')
}

function containerDetails(container: TaskContainer): string {
  return fields([
    ['  Container', container.name],
    ['  Name on host', container.containerName],
    ['  Image', container.image],
    ['  Image digest', container.imageDigest],
    ['  Status', container.lastStatus],
    ['  Health', container.healthStatus],
    ['  Restarts', container.restartCount?.toString()],
    ['  Exit code', container.exitCode?.toString()],
    ['  Reason', container.reason],
    ['  Runtime id', container.runtimeId],
    ['  Ports', container.networkBindings?.map(bindingText).join(', ') || undefined],
  ])
}

/** The containers that a person wrote down. */
function shown({containers}: Task): readonly TaskContainer[] {
  return containers.filter(({internal}) => !internal)
}

/** ECS's last status; of one on a silent host only that it is not known. */
function taskStatusText(state: State, task: Task): string {
  const silentSince = state.instances[task.instanceId]?.silentSince
  return silentSince === undefined || task.lastStatus === 'STOPPED' ? task.lastStatus : `unknown since ${silentSince}`
}

/** The id where the instance has left. */
function instanceName(state: State, task: Task): string {
  return state.instances[task.instanceId]?.name ?? task.instanceId
}

/** As docker writes it: `0.0.0.0:8080->80/tcp`. */
function bindingText({bindIP, containerPort, hostPort, protocol}: NetworkBinding): string {
  return `${bindIP.includes(':') ? `[${bindIP}]` : bindIP}:${hostPort}->${containerPort}/${protocol}`
}
