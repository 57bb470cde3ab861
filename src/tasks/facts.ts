// What an engine says of a task's containers, put together with what is recorded of them: the facts that the next step is decided on.
import type {ContainerDefinition} from '../model/container-definition.js'
import type {ContainerSeen} from '../model/observation.js'
import type {HealthStatus, Task, TaskContainer} from '../model/task.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import {type Instant, instant, type Timestamp} from '../model/time.js'
import type {ContainerFacts, ContainerPhase, TaskFacts} from '../scheduling/container-facts.js'

/** By the container's name in its definition: what the engine says, `missing` when it says there is none, no entry when it was not asked. */
export type ContainersSeen = Readonly<Record<string, ContainerSeen | 'missing'>>

/** Docker's statuses as phases of a start or a stop. */
export function phaseOf({status}: Pick<ContainerSeen, 'status'>): ContainerPhase {
  switch (status) {
    case 'created':
      return 'created'
    case 'running':
    case 'paused':
    case 'restarting':
      return 'running'
    case 'exited':
    case 'dead':
    case 'removing':
      return 'stopped'
  }
}

/** `seen` without what was told of a container's earlier life: one that its policy has started again since. */
export function fresh(task: Task, seen: ContainersSeen): ContainersSeen {
  const isOld = (container: TaskContainer) => {
    const one = seen[container.name]
    if (one === undefined || one === 'missing' || one.startedAt === undefined || container.startedAt === undefined) return false
    return instant(one.startedAt) < instant(container.startedAt)
  }
  const old = task.containers.filter(isOld).map(({name}) => name)
  return old.length === 0 ? seen : Object.fromEntries(Object.entries(seen).filter(([name]) => !old.includes(name)))
}

/**
 * The facts about each container of the task. One that is recorded as STOPPED stays so whatever is reported later; one that ran and is gone has stopped,
 * with no code; one that was not asked about is as it is recorded.
 */
export function factsOf(task: Task, document: TaskDefinitionDocument, seen: ContainersSeen): TaskFacts {
  const definitions = new Map(document.containerDefinitions.map((container) => [container.name, container]))
  const news = fresh(task, seen)
  return Object.fromEntries(task.containers.map((one) => [one.name, factsOfOne(one, definitions.get(one.name), news[one.name])]))
}

function factsOfOne(
  recorded: TaskContainer,
  definition: ContainerDefinition | undefined,
  seen: ContainerSeen | 'missing' | undefined,
): ContainerFacts {
  if (recorded.lastStatus === 'STOPPED') return {...recordedFacts(recorded), phase: 'stopped'}
  if (seen === undefined) return {...recordedFacts(recorded), phase: recorded.lastStatus === 'RUNNING' ? 'running' : 'none'}
  if (seen === 'missing') return recorded.lastStatus === 'RUNNING' ? {phase: 'stopped'} : {phase: 'none'}
  const health = healthOf(definition, seen, recorded.healthStatus)
  return {
    phase: phaseOf(seen),
    ...(health === undefined ? {} : {health}),
    ...(seen.exitCode === undefined ? {} : {exitCode: seen.exitCode}),
    ...moment('startedAt', seen.startedAt),
    ...moment('finishedAt', seen.finishedAt),
  }
}

/** Only a check of the definition counts; the image's own is switched off. One that has ended keeps what was last said of it: Docker calls it unhealthy. */
export function healthOf(
  definition: Pick<ContainerDefinition, 'healthCheck'> | undefined,
  {health, status}: Pick<ContainerSeen, 'health' | 'status'>,
  recorded: HealthStatus | undefined,
): HealthStatus | undefined {
  const check = definition?.healthCheck
  if (check === undefined || check.command[0] === 'NONE') return undefined
  if (phaseOf({status}) !== 'running') return recorded ?? 'UNKNOWN'
  if (health === 'healthy') return 'HEALTHY'
  if (health === 'unhealthy') return 'UNHEALTHY'
  return health === 'starting' ? 'UNKNOWN' : (recorded ?? 'UNKNOWN')
}

function recordedFacts({exitCode, finishedAt, healthStatus, startedAt}: TaskContainer): Omit<ContainerFacts, 'phase'> {
  return {
    ...(exitCode === undefined ? {} : {exitCode}),
    ...(healthStatus === undefined ? {} : {health: healthStatus}),
    ...moment('startedAt', startedAt),
    ...moment('finishedAt', finishedAt),
  }
}

function moment(name: 'startedAt' | 'finishedAt', at: Timestamp | undefined): {readonly [K in typeof name]?: Instant} {
  return at === undefined ? {} : {[name]: instant(at)}
}
