// The next steps of one task's containers, decided from what was seen of them. It touches nothing: `tasks` carries the steps out.
// Order and ends follow the ECS agent: dependencies hold before a start, stops go in the reverse order, and the first essential end is everybody's.
import {type ContainerDefinition, isEssential} from '../model/container-definition.js'
import {DEFAULT_STOP_TIMEOUT_SECONDS, type TaskDefinitionDocument} from '../model/task-definition.js'
import type {DesiredStatus} from '../model/task.js'
import type {Instant} from '../model/time.js'
import {factsAbout, type TaskFacts} from './container-facts.js'
import {requirementsOf, type Resolution, resolve} from './dependencies.js'
import {hasEnded, isRestarted} from './restart.js'

export type ContainerStep =
  | {readonly kind: 'create'; readonly container: ContainerDefinition}
  /** Also of one that has ended and that its policy starts again. */
  | {readonly kind: 'start'; readonly container: ContainerDefinition}
  | {readonly kind: 'stop'; readonly container: ContainerDefinition; readonly timeoutSeconds: number}
  /** What it waits for will never be: the whole task is over. */
  | {readonly kind: 'giveUp'; readonly container: ContainerDefinition; readonly because: string}

export interface NextSteps {
  /** All can be taken now and at once, in the order of the definition; none when there is nothing to do but to wait. */
  readonly steps: readonly ContainerStep[]
  /** When the decision may change although nothing happens: a time to wait is over. */
  readonly wakeAt?: Instant
}

/** Is the task ending? When it is wanted stopped, and as soon as an essential container has ended for good. */
export function isOver({containerDefinitions}: TaskDefinitionDocument, desired: DesiredStatus, facts: TaskFacts): boolean {
  return desired === 'STOPPED' || containerDefinitions.some((container) => isEssential(container) && hasEnded(container, facts, desired))
}

/** The steps that can be taken now. The same facts give the same steps, however often they are asked for. */
export function nextSteps(document: TaskDefinitionDocument, desired: DesiredStatus, facts: TaskFacts, now: Instant): NextSteps {
  const containers = document.containerDefinitions
  if (isOver(document, desired, facts)) return {steps: containers.flatMap((container) => stopOf(container, containers, facts))}
  const answers = containers.map((container) => forward(container, containers, facts, now))
  const given = answers.flatMap(({steps}) => steps.filter((step) => step.kind === 'giveUp'))
  if (given.length > 0) return {steps: given}
  const wakes = answers.flatMap(({wakeAt}) => wakeAt ?? [])
  return {steps: answers.flatMap(({steps}) => steps), ...(wakes.length === 0 ? {} : {wakeAt: Math.min(...wakes)})}
}

/** A running container stops once nothing that depends on it runs. */
function stopOf(container: ContainerDefinition, all: readonly ContainerDefinition[], facts: TaskFacts): readonly ContainerStep[] {
  const runs = (name: string) => factsAbout(facts, name).phase === 'running'
  if (!runs(container.name)) return []
  const isNeeded = all.some((other) => runs(other.name) && requirementsOf(other).some(({on}) => on === container.name && on !== other.name))
  return isNeeded ? [] : [{kind: 'stop', container, timeoutSeconds: container.stopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS}]
}

/** A container's way to where it runs. */
function forward(container: ContainerDefinition, all: readonly ContainerDefinition[], facts: TaskFacts, now: Instant): NextSteps {
  const known = factsAbout(facts, container.name)
  if (known.phase === 'running') return {steps: []}
  if (known.phase === 'stopped') return {steps: isRestarted(container, known, 'RUNNING') ? [{kind: 'start', container}] : []}
  const resolutions = requirementsOf(container).flatMap((requirement) => {
    const dependency = all.find(({name}) => name === requirement.on)
    if (!dependency) return []
    return resolve(requirement, dependency, facts, isRestarted(dependency, factsAbout(facts, dependency.name), 'RUNNING'), now)
  })
  return stepBehind(container, known.phase === 'none' ? 'create' : 'start', resolutions)
}

function stepBehind(container: ContainerDefinition, kind: 'create' | 'start', resolutions: readonly Resolution[]): NextSteps {
  const lost = resolutions.find((one) => one.kind === 'impossible')
  if (lost) return {steps: [{kind: 'giveUp', container, because: lost.because}]}
  if (resolutions.every((one) => one.kind === 'met')) return {steps: [{kind, container}]}
  const until = resolutions.flatMap((one) => (one.kind === 'waiting' ? (one.until ?? []) : []))
  return {steps: [], ...(until.length === 0 ? {} : {wakeAt: Math.min(...until)})}
}
