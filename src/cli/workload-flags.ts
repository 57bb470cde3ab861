// The words of commands that change what keeps tasks running, services and daemons alike, and what they ask for together.
import {Flags, type Interfaces} from '@oclif/core'
import type {CreateServiceWanted, Manner, UpdateServiceWanted} from '../manager/services.js'
import type {DaemonSettings} from '../scheduling/daemons/requests.js'
import {parseKeyValues} from '../model/tags.js'
import {parsePlacementConstraints} from '../model/placement-shorthand.js'
import {PULL_POLICIES} from '../model/pull-policy.js'
import {HEALTHY_AFTER_SECONDS, SILENCE_GRACE_SECONDS} from '../model/service.js'
import {cluster, planFlags} from './flags.js'
import {fileSystem, seconds, secret} from './value-flags.js'

/** How a change is gone about. */
export const rolloutFlags = {
  ...planFlags,
  cluster,
  detach: Flags.boolean({description: 'Record what is wanted and return: the controller, or the next command, carries it out.'}),
  timeout: seconds({description: 'Wait this long at most for the service to be steady; default: 10m.'}),
  wait: Flags.boolean({description: 'Wait until the service is steady: the default.', exclusive: ['detach'], hidden: true}),
}

/** What services and daemons have in common. */
export const workloadFlags = {
  'allow-client-secrets': Flags.boolean({
    description: "Let the definition's secrets run programs here, and its secrets and environment files be read from outside its folder.",
  }),
  'circuit-breaker': Flags.boolean({
    allowNo: true,
    description: 'Give a deployment up once too many of its tasks have failed, and go back to the last that was completed.',
  }),
  'circuit-breaker-rollback': Flags.boolean({
    allowNo: true,
    description: 'Roll back when the circuit breaker trips; default: yes where it is on.',
  }),
  efs: fileSystem(),
  'health-check-grace-period': seconds({description: 'So long after its start a failed health check says nothing of a task; default: 0.'}),
  'healthy-after': seconds({description: 'A task without a health check is healthy after it has run for so long; default: 40s, as ECS.'}),
  'placement-constraint': Flags.string({
    description: 'Where the tasks must run: distinctInstance, or memberOf:EXPRESSION. Repeatable.',
    helpValue: 'CONSTRAINT',
    multiple: true,
  }),
  'propagate-tags': Flags.option({
    description: 'Give its tasks its own tags, or those of their task definition; default: NONE.',
    options: ['NONE', 'SERVICE', 'TASK_DEFINITION'] as const,
  })(),
  pull: Flags.option({
    description: 'When to ask a registry for the images; default: missing, only those that the host has not.',
    options: PULL_POLICIES,
  })(),
  secret: secret(),
  'silence-grace': seconds({description: 'A host may be silent for so long before its tasks are replaced elsewhere; default: 60s.'}),
  tag: Flags.string({description: 'A tag of the service: KEY=VALUE. Repeatable.', helpValue: 'KEY=VALUE', multiple: true}),
}

export const percentFlags = {
  'maximum-percent': Flags.integer({
    description: 'So many tasks may be there at once, of the desired count; default: 200.',
    helpValue: 'PERCENT',
    max: 200,
    min: 100,
  }),
  'minimum-healthy-percent': Flags.integer({
    description: 'So many are kept healthy, of the desired count; default: 100.',
    helpValue: 'PERCENT',
    max: 100,
    min: 0,
  }),
}

const DEFAULT_TIMEOUT_SECONDS = 600

type RolloutWords = Pick<Interfaces.InferredFlags<typeof rolloutFlags>, 'cluster' | 'detach' | 'dry-run' | 'timeout'>

export function mannerOf(words: RolloutWords): Manner {
  const {cluster, detach, 'dry-run': dryRun, timeout = DEFAULT_TIMEOUT_SECONDS} = words
  return {cluster, detach, dryRun, timeoutSeconds: timeout}
}

export type WorkloadWords = Interfaces.InferredFlags<typeof workloadFlags>
export type PercentWords = Interfaces.InferredFlags<typeof percentFlags>

/** Of what nothing is said. */
export const DEFAULT_SETTINGS: DaemonSettings = {
  placementConstraints: [],
  healthCheckGracePeriodSeconds: 0,
  healthyAfterSeconds: HEALTHY_AFTER_SECONDS,
  silenceGraceSeconds: SILENCE_GRACE_SECONDS,
  tags: {},
  propagateTags: 'NONE',
}

/** What is said of what services and daemons have in common. Throws `InvalidInputError`s. */
export function settingsSaid(words: WorkloadWords): Partial<DaemonSettings> {
  const {'placement-constraint': constraints, 'propagate-tags': propagateTags, pull, tag} = words
  const [grace, healthyAfter, silence] = [words['health-check-grace-period'], words['healthy-after'], words['silence-grace']]
  return {
    ...(constraints === undefined ? {} : {placementConstraints: parsePlacementConstraints(constraints)}),
    ...(grace === undefined ? {} : {healthCheckGracePeriodSeconds: grace}),
    ...(healthyAfter === undefined ? {} : {healthyAfterSeconds: healthyAfter}),
    ...(silence === undefined ? {} : {silenceGraceSeconds: silence}),
    ...(tag === undefined ? {} : {tags: parseKeyValues(tag)}),
    ...(propagateTags === undefined ? {} : {propagateTags}),
    ...(pull === undefined ? {} : {pull}),
  }
}

/** What is said of percentages and breaker. */
export function configurationSaid(words: WorkloadWords & Partial<PercentWords>): UpdateServiceWanted['deployment'] {
  const {'circuit-breaker': enable, 'circuit-breaker-rollback': rollback} = words
  const {'maximum-percent': maximumPercent, 'minimum-healthy-percent': minimumHealthyPercent} = words
  const breaker = {
    ...(enable === undefined ? {} : {enable, rollback: enable}),
    ...(rollback === undefined ? {} : {rollback}),
  }
  return {
    ...(maximumPercent === undefined ? {} : {maximumPercent}),
    ...(minimumHealthyPercent === undefined ? {} : {minimumHealthyPercent}),
    ...(Object.keys(breaker).length === 0 ? {} : {circuitBreaker: breaker}),
  }
}

/** Where its secrets and file systems are. */
export function sourcesOf(words: WorkloadWords): CreateServiceWanted['sources'] {
  return {
    allowClientSecrets: words['allow-client-secrets'],
    fileSystems: (words.efs ?? []).flat(),
    secrets: (words.secret ?? []).flat(),
  }
}
