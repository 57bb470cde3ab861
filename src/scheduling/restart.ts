// When a container that has ended is started again, by the rule of the ECS agent (amazon-ecs-agent, restart tracker, read 2026-11-26).
import type {ContainerDefinition} from '../model/container-definition.js'
import type {DesiredStatus} from '../model/task.js'
import {type ContainerFacts, factsAbout, type TaskFacts} from './container-facts.js'

/** ECS's own when a policy says nothing. */
const DEFAULT_ATTEMPT_PERIOD_SECONDS = 300

/**
 * Is it started again? Not where its policy is off or the task is wanted stopped, not after a code that the policy ignores, and not when it ran for less
 * than the policy's period: what dies quicker is over. Counted from its last start to its end, so that whoever looks later decides the same.
 */
export function isRestarted({restartPolicy}: ContainerDefinition, facts: ContainerFacts, desired: DesiredStatus): boolean {
  const {exitCode, finishedAt, phase, startedAt} = facts
  if (!restartPolicy?.enabled || desired === 'STOPPED' || phase !== 'stopped') return false
  if (exitCode === undefined || startedAt === undefined || finishedAt === undefined) return false
  if (restartPolicy.ignoredExitCodes?.includes(exitCode)) return false
  return finishedAt - startedAt >= (restartPolicy.restartAttemptPeriod ?? DEFAULT_ATTEMPT_PERIOD_SECONDS) * 1000
}

/** Has it stopped for good? */
export function hasEnded(container: ContainerDefinition, facts: TaskFacts, desired: DesiredStatus): boolean {
  const known = factsAbout(facts, container.name)
  return known.phase === 'stopped' && !isRestarted(container, known, desired)
}
