// What is said of a deployment that did not come to its end: what became of it, and of the task that failed last, which is kept where it stopped.
import {DeadlineError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import {deploymentName} from '../model/deployment.js'
import {escaped, quoted} from '../model/names.js'
import type {Workload} from '../model/service.js'
import {recordAt, type State} from '../model/state.js'
import type {Task} from '../model/task.js'
import {overviewOf} from '../model/workload-records.js'
import {failuresOf} from '../scheduling/services/failures.js'
import {lastWordsOf} from '../tasks/last-words.js'
import {within} from '../world/deadline.js'
import type {World} from '../world/world.js'
import {quietly} from './quietly.js'

const LAST_LINES = 10

/** Whoever has waited for a deployment does not wait long for words. */
const WORDS_WITHIN_MS = 3000

/** The task that failed last, as a program reads it. */
interface FailedTask {
  readonly taskId: string
  readonly instance: string | undefined
  readonly taskDefinition: string
  readonly stoppedReason: string | undefined
  readonly exitCodes: Readonly<Record<string, number>>
  readonly lastLines: readonly string[]
}

/**
 * Returns where the deployment that the command began, or found, has not failed. Throws `DeploymentRolledBack` or `DeploymentFailed`, after the task that failed
 * last was told with its exit code and its last lines.
 */
export async function refuseFailed(
  world: World,
  state: State,
  {cluster, kind, name}: {readonly cluster: Cluster; readonly kind: 'service' | 'daemon'; readonly name: string},
  workload: Workload,
  begunWith: string | undefined,
): Promise<void> {
  const primary = recordAt(state.deployments, workload.deploymentId)
  const begun = begunWith === undefined ? undefined : recordAt(state.deployments, begunWith)
  const failed = primary?.rolloutState === 'FAILED' ? primary : begun?.rolloutState === 'FAILED' ? begun : undefined
  if (!failed) return
  const [last] = failuresOf(state, workload, failed, overviewOf(state)(workload.id).tasks, world.clock.now()).tasks
  const failedTask = last && (await tell(world, state, last))
  const isBack = failed !== primary
  const result = isBack && primary ? `; ${kind} ${quoted(name)} runs ${primary.definitionId} again` : ''
  throw new DeadlineError(
    isBack ? 'DeploymentRolledBack' : 'DeploymentFailed',
    `Deployment ${deploymentName(failed.id)} of ${failed.definitionId} failed: ${failed.rolloutStateReason}${result}`,
    {
      suggestions: [
        ...(last ? [`berth task describe ${last.id} -c ${cluster.name}`] : []),
        `berth ${kind} events ${name} -c ${cluster.name}`,
        `berth task list --all -c ${cluster.name}`,
      ],
      ...(failedTask ? {result: {failedTask}} : {}),
    },
  )
}

async function tell(world: World, state: State, task: Task): Promise<FailedTask> {
  const instance = recordAt(state.instances, task.instanceId)?.name
  const lastLines = await linesOf(world, state, task)
  const ended = task.containers.filter(({exitCode, internal}) => exitCode !== undefined && !internal)
  const codes = ended.map(({exitCode, name}) => `container ${name} exited with ${exitCode}`)
  const why = [task.stoppedReason ?? 'it stopped', ...codes].join('; ')
  world.reporter.note(`task ${task.id} of ${task.definitionId}${instance === undefined ? '' : ` on ${instance}`}: ${why}`)
  for (const line of lastLines) world.reporter.note(`  | ${escaped(line)}`)
  return {
    taskId: task.id,
    instance,
    taskDefinition: task.definitionId,
    stoppedReason: task.stoppedReason,
    exitCodes: Object.fromEntries(ended.map(({exitCode = 0, name}) => [name, exitCode])),
    lastLines,
  }
}

/** As they were kept, or as its containers still tell; none where neither is to be had. */
async function linesOf(world: World, state: State, task: Task): Promise<readonly string[]> {
  let words = await world.records.lastWords(task.id)
  const instance = recordAt(state.instances, task.instanceId)
  const signal = within(world.signal, WORDS_WITHIN_MS)
  if (words === undefined && instance)
    await quietly(async () => {
      words = await lastWordsOf(await world.engines.open(instance.address, {}, signal), task, signal)
    })
  return (words ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .slice(-LAST_LINES)
}
