// The words of commands that make and change services, and what they ask for together.
import {Args, Flags, type Interfaces} from '@oclif/core'
import {InvalidInputError} from '../errors.js'
import type {CreateServiceWanted, Manner, UpdateServiceWanted} from '../manager/services.js'
import type {DaemonSettings} from '../scheduling/daemons/requests.js'
import {type DeploymentConfiguration, NO_BREAKER} from '../model/deployment.js'
import {quoted} from '../model/names.js'
import {parseKeyValues} from '../model/tags.js'
import {parsePlacementConstraints, parsePlacementStrategies} from '../model/placement-shorthand.js'
import {PULL_POLICIES} from '../model/pull-policy.js'
import type {ServiceInput} from '../model/service-input.js'
import {HEALTHY_AFTER_SECONDS, SILENCE_GRACE_SECONDS} from '../model/service.js'
import {cluster, planFlags} from './flags.js'
import {cliInputJson, fileSystem, seconds, secret} from './value-flags.js'

export const serviceArgs = {name: Args.string({description: 'Name of the service.', required: true})}

/** Where --cli-input-json may say it too. */
export const serviceOrInputArgs = {name: Args.string({description: 'Name of the service; --cli-input-json may say it instead.'})}

const MOST_TASKS = 5000

/** oclif's own integer argument calls a word that is none a fault of ours. */
const desiredCount = Args.custom<number>({
  description: 'Tasks to keep running.',
  parse: async (text) => {
    const count = /^\d+$/.test(text) ? Number(text) : -1
    if (count >= 0 && count <= MOST_TASKS) return count
    throw new InvalidInputError('InvalidCount', `${quoted(text)} is no desired count: say a whole number from 0 to ${MOST_TASKS}.`, {
      suggestions: ['berth service scale web 4'],
    })
  },
})

export const scaleArgs = {...serviceArgs, 'desired-count': desiredCount({required: true})}

/** For commands that name any number of services; the rest of the words are names too. */
export const servicesArgs = {name: Args.string({description: 'Names of the services; default: all of the cluster.'})}

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
  pull: Flags.option({
    description: 'When to ask a registry for the images; default: missing, only those that the host has not.',
    options: PULL_POLICIES,
  })(),
  secret: secret(),
  'silence-grace': seconds({description: 'A host may be silent for so long before its tasks are replaced elsewhere; default: 60s.'}),
  tag: Flags.string({description: 'A tag of the service: KEY=VALUE. Repeatable.', helpValue: 'KEY=VALUE', multiple: true}),
}

const percentFlags = {
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

const placementStrategy = Flags.string({
  description:
    'What decides among instances that fit: random, binpack:cpu|memory, spread:instanceId, spread:attribute:NAME. Repeatable. Default: spread over zones, then instances.',
  helpValue: 'STRATEGY',
  multiple: true,
})

export const createServiceFlags = {
  ...rolloutFlags,
  ...workloadFlags,
  ...percentFlags,
  'placement-strategy': placementStrategy,
  'cli-input-json': cliInputJson(),
  'desired-count': Flags.integer({description: 'Tasks to keep running; default: 1.', helpValue: 'N', max: MOST_TASKS, min: 0}),
  'task-definition': Flags.string({
    description: 'What its tasks run: family (its newest revision), family:revision or ARN. Required, here or in --cli-input-json.',
    helpValue: 'NAME',
  }),
}

export const updateServiceFlags = {
  ...rolloutFlags,
  ...workloadFlags,
  ...percentFlags,
  'placement-strategy': placementStrategy,
  'cli-input-json': cliInputJson(),
  'desired-count': Flags.integer({description: 'Tasks to keep running.', helpValue: 'N', max: MOST_TASKS, min: 0}),
  'force-new-deployment': Flags.boolean({description: 'Deploy again though the definition is the same: tags are resolved anew.'}),
  'task-definition': Flags.string({description: 'What its tasks run from now on.', helpValue: 'NAME'}),
}

const DEFAULT_TIMEOUT_SECONDS = 600

type RolloutWords = Pick<Interfaces.InferredFlags<typeof rolloutFlags>, 'cluster' | 'detach' | 'dry-run' | 'timeout'>

export function mannerOf(words: RolloutWords): Manner {
  const {cluster, detach, 'dry-run': dryRun, timeout = DEFAULT_TIMEOUT_SECONDS} = words
  return {cluster, detach, dryRun, timeoutSeconds: timeout}
}

type WorkloadWords = Interfaces.InferredFlags<typeof workloadFlags>
type PercentWords = Interfaces.InferredFlags<typeof percentFlags>

/** Of what nothing is said. */
export const DEFAULT_SETTINGS: DaemonSettings = {
  placementConstraints: [],
  healthCheckGracePeriodSeconds: 0,
  healthyAfterSeconds: HEALTHY_AFTER_SECONDS,
  silenceGraceSeconds: SILENCE_GRACE_SECONDS,
  tags: {},
  propagateTags: 'NONE',
}

/** Flags win over --cli-input-json. Throws `InvalidInputError`s. */
export function createServiceWanted(
  words: Interfaces.InferredFlags<typeof createServiceFlags>,
  typedName: string | undefined,
): CreateServiceWanted {
  const input = words['cli-input-json'] ?? NO_INPUT
  const taskDefinition = words['task-definition'] ?? input.taskDefinition
  if (taskDefinition === undefined) throw missing('no task definition is named: say --task-definition NAME', 'create')
  return {
    ...mannerOf({...words, cluster: words.cluster ?? input.cluster}),
    name: nameOf(typedName, input, 'create'),
    taskDefinition,
    settings: {
      ...DEFAULT_SETTINGS,
      desiredCount: 1,
      placementStrategies: [],
      deploymentConfiguration: configurationOf(configurationTold(input, words)),
      ...input.settings,
      ...serviceSettingsSaid(words),
    },
    sources: sourcesOf(words),
  }
}

/** Flags win over --cli-input-json. Throws `InvalidInputError`s. */
export function updateServiceWanted(
  words: Interfaces.InferredFlags<typeof updateServiceFlags>,
  typedName: string | undefined,
): UpdateServiceWanted {
  const input = words['cli-input-json'] ?? NO_INPUT
  return {
    ...mannerOf({...words, cluster: words.cluster ?? input.cluster}),
    name: nameOf(typedName, input, 'update'),
    taskDefinition: words['task-definition'] ?? input.taskDefinition,
    forceNewDeployment: words['force-new-deployment'] || (input.forceNewDeployment ?? false),
    settings: {...input.settings, ...serviceSettingsSaid(words)},
    deployment: configurationTold(input, words),
    sources: sourcesOf(words),
  }
}

/** Of a breaker that both speak of, what the flags do not say stays. */
function configurationTold({configuration}: ServiceInput, words: WorkloadWords & PercentWords): UpdateServiceWanted['deployment'] {
  const said = configurationSaid(words)
  const circuitBreaker = {...configuration.circuitBreaker, ...said.circuitBreaker}
  return {...configuration, ...said, ...(Object.keys(circuitBreaker).length === 0 ? {} : {circuitBreaker})}
}

const NO_INPUT: ServiceInput = {settings: {}, configuration: {}, notes: []}

function nameOf(typed: string | undefined, input: ServiceInput, verb: 'create' | 'update'): string {
  const name = typed ?? input.name
  if (name === undefined) throw missing('no service is named', verb)
  return name
}

function missing(what: string, verb: 'create' | 'update'): InvalidInputError {
  return new InvalidInputError('InvalidUsage', `"berth service ${verb}" cannot begin: ${what}.`, {
    suggestions: [`berth service ${verb} --help`],
  })
}

function serviceSettingsSaid(
  words: WorkloadWords & {readonly 'desired-count': number | undefined; readonly 'placement-strategy': string[] | undefined},
): UpdateServiceWanted['settings'] {
  const {'desired-count': desiredCount, 'placement-strategy': strategies} = words
  return {
    ...(desiredCount === undefined ? {} : {desiredCount}),
    ...(strategies === undefined ? {} : {placementStrategies: parsePlacementStrategies(strategies)}),
    ...settingsSaid(words),
  }
}

/** What is said of what services and daemons have in common. Throws `InvalidInputError`s. */
export function settingsSaid(words: WorkloadWords): Partial<DaemonSettings> {
  const {'placement-constraint': constraints, pull, tag} = words
  const [grace, healthyAfter, silence] = [words['health-check-grace-period'], words['healthy-after'], words['silence-grace']]
  return {
    ...(constraints === undefined ? {} : {placementConstraints: parsePlacementConstraints(constraints)}),
    ...(grace === undefined ? {} : {healthCheckGracePeriodSeconds: grace}),
    ...(healthyAfter === undefined ? {} : {healthyAfterSeconds: healthyAfter}),
    ...(silence === undefined ? {} : {silenceGraceSeconds: silence}),
    ...(tag === undefined ? {} : {tags: parseKeyValues(tag)}),
    ...(pull === undefined ? {} : {pull}),
  }
}

/** What is said of them on top of ECS's defaults. */
function configurationOf({circuitBreaker, ...said}: UpdateServiceWanted['deployment']): DeploymentConfiguration {
  const isInferred = said.maximumPercent === undefined && said.minimumHealthyPercent === undefined
  return {
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    ...said,
    circuitBreaker: {...NO_BREAKER, ...circuitBreaker},
    ...(isInferred ? {isInferred: true} : {}),
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
