// What a task prints, and programs run inside it.
import {ConflictError, InvalidInputError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import {type State, the} from '../model/state.js'
import type {Task, TaskContainer} from '../model/task.js'
import type {NameValue} from '../model/container-definition.js'
import {mainContainer} from '../model/task-definition.js'
import {type Instant, timestamp} from '../model/time.js'
import {documentOf} from '../tasks/task-in-context.js'
import type {ExecSession, OutputChunk} from '../world/engine.js'
import type {World} from '../world/world.js'
import {clusterNamed, findTask} from './resolve.js'

export interface LogsWanted {
  readonly cluster: string | undefined
  readonly task: string
  readonly follow: boolean
  /** Only what was printed in the last seconds. */
  readonly sinceSeconds: number | undefined
  readonly tail: number | undefined
  readonly timestamps: boolean
}

/** What the task printed, from its container while that is there, else its last words. Throws `TaskNotFound`. */
export async function* taskLogs(world: World, wanted: LogsWanted): AsyncIterable<OutputChunk> {
  const {main, state, task} = await taskNamed(world, wanted)
  const kept = await world.records.lastWords(task.id)
  const instance = state.instances[task.instanceId]
  const engine = instance && (await world.engines.open(instance.address, {}, world.signal))
  if (engine && (kept === undefined || (await engine.inspect(main.containerName, world.signal))))
    yield* engine.logs(main.containerName, logOptions(wanted, world.clock.now()), world.signal)
  else if (kept !== undefined) yield {stream: 'stdout', bytes: new TextEncoder().encode(lastLines(kept, wanted.tail))}
}

export interface ExecWanted {
  readonly cluster: string | undefined
  readonly task: string
  readonly command: readonly string[]
  readonly environment: readonly NameValue[]
  readonly stdin: boolean
  readonly tty: boolean
  readonly user: string | undefined
  readonly workingDirectory: string | undefined
}

/** A program that has begun inside the running task. Throws `TaskNotFound`, `TaskNotRunning`, `UnreachableError`s. */
export async function execInTask(world: World, wanted: ExecWanted): Promise<ExecSession> {
  const {command, environment, stdin, tty, user, workingDirectory} = wanted
  if (command.length === 0)
    throw new InvalidInputError('MissingArgument', 'Say after -- what to run in the task.', {
      suggestions: [`berth task exec ${wanted.task} -it -- sh`],
    })
  const {main, state, task} = await taskNamed(world, wanted)
  const engine = await world.engines.open(the(state.instances, task.instanceId).address, {}, world.signal)
  const seen = await engine.inspect(main.containerName, world.signal)
  if (seen?.status !== 'running') {
    const inCluster = `-c ${the(state.clusters, task.clusterId).name}`
    throw new ConflictError('TaskNotRunning', `Task ${task.id} is not running.`, {
      suggestions: [`berth task describe ${task.id} ${inCluster}`, `berth task logs ${task.id} ${inCluster}`],
    })
  }
  const options = {
    command,
    environment,
    stdin,
    tty,
    ...(user === undefined ? {} : {user}),
    ...(workingDirectory === undefined ? {} : {workingDirectory}),
  }
  return engine.exec(main.containerName, options, world.signal)
}

async function taskNamed(
  world: World,
  wanted: {readonly cluster: string | undefined; readonly task: string},
): Promise<{readonly state: State; readonly cluster: Cluster; readonly task: Task; readonly main: TaskContainer}> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const task = findTask(state, cluster, wanted.task)
  const {name} = mainContainer(documentOf({task, definition: the(state.definitions, task.definitionId)}))
  const main = task.containers.find((container) => container.name === name)
  if (!main) throw new Error(`Task ${task.id} has no container ${name}.`)
  return {state, cluster, task, main}
}

function logOptions({follow, sinceSeconds, tail, timestamps}: LogsWanted, now: Instant) {
  return {
    follow,
    timestamps,
    ...(sinceSeconds === undefined ? {} : {since: timestamp(now - sinceSeconds * 1000)}),
    ...(tail === undefined ? {} : {tail}),
  }
}

function lastLines(text: string, count: number | undefined): string {
  return count === undefined
    ? text
    : text
        .split(/(?<=\n)/)
        .slice(-count)
        .join('')
}
