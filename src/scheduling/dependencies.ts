// What a container waits for before it may start, and whether it still can (ECS developer guide, "Container dependency"; amazon-ecs-agent,
// dependencygraph; read 2026-11-26).
import type {ContainerDefinition, DependencyCondition} from '../model/container-definition.js'
import type {Instant} from '../model/time.js'
import {type ContainerFacts, factsAbout, type TaskFacts} from './container-facts.js'

/** `CREATE`: it need only be there, as the source of volumes. */
export interface Requirement {
  readonly on: string
  readonly condition: DependencyCondition | 'CREATE'
}

/** `waiting` may change by itself at `until`, when the time to wait is over; `impossible` never changes again. */
export type Resolution =
  | {readonly kind: 'met'}
  | {readonly kind: 'waiting'; readonly until?: Instant}
  | {readonly kind: 'impossible'; readonly because: string}

const MET: Resolution = {kind: 'met'}

/** What the container waits for: its `dependsOn`, then the containers it links to, then those whose volumes it takes. */
export function requirementsOf({dependsOn, links, volumesFrom}: ContainerDefinition): readonly Requirement[] {
  return [
    ...(dependsOn ?? []).map(({condition, containerName}) => ({on: containerName, condition})),
    ...(links ?? []).map((link) => ({on: link.split(':')[0] ?? link, condition: 'START'}) as const),
    ...(volumesFrom ?? []).map(({sourceContainer}) => ({on: sourceContainer, condition: 'CREATE'}) as const),
  ]
}

/**
 * Whether a requirement holds at this moment. `START` holds too for one that ran and has ended. A dependency's `startTimeout` counts from its start and
 * ends the waiting for anything but START; health is asked of one that runs, and one that has ended for good will never have any.
 */
export function resolve(
  requirement: Requirement,
  dependency: ContainerDefinition,
  facts: TaskFacts,
  willRestart: boolean,
  now: Instant,
): Resolution {
  const {condition, on} = requirement
  const known = factsAbout(facts, on)
  if (holds(condition, known)) return MET
  const lost = impossible(condition, known, willRestart)
  if (lost !== undefined) return {kind: 'impossible', because: `container "${on}" ${lost}, and ${condition} was waited for`}
  const until = deadline(condition, dependency, known)
  if (until === undefined) return {kind: 'waiting'}
  if (now < until) return {kind: 'waiting', until}
  const waited = `was not ${condition === 'HEALTHY' ? 'healthy' : 'over'} within its start timeout of ${dependency.startTimeout} s`
  return {kind: 'impossible', because: `container "${on}" ${waited}, and ${condition} was waited for`}
}

function holds(condition: Requirement['condition'], {exitCode, health, phase}: ContainerFacts): boolean {
  switch (condition) {
    case 'CREATE':
      return phase !== 'none'
    case 'START':
      return phase === 'running' || (phase === 'stopped' && exitCode !== undefined)
    case 'COMPLETE':
      return phase === 'stopped' && exitCode !== undefined
    case 'SUCCESS':
      return phase === 'stopped' && exitCode === 0
    case 'HEALTHY':
      return phase === 'running' && health === 'HEALTHY'
  }
}

/** Why it can never hold any more, as what the dependency did. */
function impossible(condition: Requirement['condition'], {exitCode, phase}: ContainerFacts, willRestart: boolean): string | undefined {
  if (phase !== 'stopped' || willRestart) return undefined
  if (exitCode === undefined) return 'did not start'
  return condition === 'SUCCESS' || condition === 'HEALTHY' ? `exited ${exitCode}` : undefined
}

function deadline(
  condition: Requirement['condition'],
  {startTimeout}: ContainerDefinition,
  {startedAt}: ContainerFacts,
): Instant | undefined {
  if (condition === 'START' || condition === 'CREATE' || startTimeout === undefined || startedAt === undefined) return undefined
  return startedAt + startTimeout * 1000
}
