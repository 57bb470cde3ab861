// The words of commands that make and change services, and what they ask for together.
import {Args, Flags, type Interfaces} from '@oclif/core'
import {InvalidInputError} from '../errors.js'
import type {CreateServiceWanted, UpdateServiceWanted} from '../manager/services.js'
import {type DeploymentConfiguration, NO_BREAKER} from '../model/deployment.js'
import {quoted} from '../model/names.js'
import {parsePlacementStrategies} from '../model/placement-shorthand.js'
import type {ServiceInput} from '../model/service-input.js'
import {cliInputJson} from './value-flags.js'
import {
  configurationSaid,
  DEFAULT_SETTINGS,
  mannerOf,
  type PercentWords,
  percentFlags,
  rolloutFlags,
  settingsSaid,
  sourcesOf,
  type WorkloadWords,
  workloadFlags,
} from './workload-flags.js'

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

/** Flags win over --cli-input-json. Throws `InvalidInputError`s. */
export function createServiceWanted(
  words: Interfaces.InferredFlags<typeof createServiceFlags>,
  typedName: string | undefined,
): CreateServiceWanted {
  const input = words['cli-input-json'] ?? NO_INPUT
  return {
    ...mannerOf({...words, cluster: words.cluster ?? input.cluster}),
    name: typedName ?? input.name,
    taskDefinition: words['task-definition'] ?? input.taskDefinition,
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
    name: nameOf(typedName, input),
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

function nameOf(typed: string | undefined, input: ServiceInput): string {
  const name = typed ?? input.name
  if (name !== undefined) return name
  throw new InvalidInputError('InvalidUsage', '"berth service update" cannot begin: no service is named.', {
    suggestions: ['berth service list', 'berth service update --help'],
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
