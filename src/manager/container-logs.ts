// What one container of a task prints, from its first life to its last: also one that is yet to be made, and one that its policy starts again.
import {NotFoundError} from '../errors.js'
import {after, type LogMark} from '../model/log-mark.js'
import {isInternal, runDocument} from '../model/run-document.js'
import {type State, the} from '../model/state.js'
import type {Task, TaskContainer} from '../model/task.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import {isRestarted} from '../scheduling/restart.js'
import {factsOf, phaseOf} from '../tasks/facts.js'
import type {Engine, LogOptions, Output, OutputChunk} from '../world/engine.js'
import type {World} from '../world/world.js'
import {steadily, steadyLogs} from './steady.js'

/** How often a container that is not there yet is looked for. */
const LOOK_AGAIN_MS = 500

export interface FollowTerms {
  readonly world: World
  readonly state: State
  readonly task: Task
  readonly signal: AbortSignal
  /** Is it known from elsewhere that the task is over? */
  readonly isOver?: () => boolean
}

/** The containers of the task that a person wrote down. */
export function shownContainers({containers}: Task): readonly TaskContainer[] {
  return containers.filter(({name}) => !isInternal(name))
}

/** Follows the container until it has ended for good, or never will begin. `mark`: from behind it. */
export async function* followContainer(
  terms: FollowTerms,
  container: TaskContainer,
  options: LogOptions & {readonly mark?: LogMark},
): AsyncGenerator<readonly OutputChunk[]> {
  const {signal, state, task, world} = terms
  const instance = the(state.instances, task.instanceId)
  let {mark, ...rest}: LogOptions & {mark?: LogMark | undefined} = options
  for (;;) {
    const standing = await steadily(world, instance, (engine) => standingOf(engine, terms, container), signal)
    if (standing === 'over') return
    if (standing === 'there') {
      const from = mark === undefined ? {} : {mark}
      const output = steadyLogs(world, instance, container.containerName, {...rest, ...from, follow: true}, signal)
      for await (const batch of whileThere(output)) {
        mark = after(mark, batch)
        yield batch
      }
      if ((await steadily(world, instance, (engine) => standingAfter(engine, terms, container), signal)) === 'over') return
      rest = {}
    }
    await world.clock.sleep(LOOK_AGAIN_MS, signal)
  }
}

/** The output, ending where somebody has removed its container meanwhile: what becomes of the task is told by its end. */
async function* whileThere(output: Output): Output {
  try {
    yield* output
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error
  }
}

type Standing = 'there' | 'awaited' | 'over'

/** One that is not there is awaited as long as anything of its task runs. */
async function standingOf(engine: Engine, {isOver, signal, task}: FollowTerms, container: TaskContainer): Promise<Standing> {
  if (await engine.inspect(container.containerName, signal)) return 'there'
  if (isOver?.()) return 'over'
  const others = await Promise.all(task.containers.map(({containerName}) => engine.inspect(containerName, signal)))
  const isAlive = others.some((one) => one !== undefined && phaseOf(one) !== 'stopped')
  return isAlive || isOver !== undefined ? 'awaited' : 'over'
}

/** One whose log has ended is over, but where its policy starts it again. */
async function standingAfter(engine: Engine, {isOver, signal, state, task}: FollowTerms, container: TaskContainer): Promise<Standing> {
  const seen = await engine.inspect(container.containerName, signal)
  if (!seen || isOver?.()) return 'over'
  const document = documentOf(state, task)
  const definition = document?.containerDefinitions.find(({name}) => name === container.name)
  if (!document || !definition) return 'over'
  const facts = factsOf({...task, containers: [{...container, lastStatus: 'RUNNING'}]}, document, {[container.name]: seen})[container.name]
  return facts && (facts.phase === 'running' || isRestarted(definition, facts, 'RUNNING')) ? 'awaited' : 'over'
}

function documentOf(state: State, task: Task): TaskDefinitionDocument | undefined {
  const definition = state.definitions[task.definitionId]
  return definition && runDocument(definition.document, task.override)
}
