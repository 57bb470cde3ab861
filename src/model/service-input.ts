// A service as the aws command is told it: the JSON of CreateService and UpdateService (API reference, read 2026-11-23), as far as it means anything here.
import {InvalidInputError} from '../errors.js'
import {nearest} from './definition/nearest.js'
import type {CircuitBreaker} from './deployment.js'
import {quoted} from './names.js'
import type {PlacementConstraint, PlacementStrategy} from './placement.js'
import {parsePlacementConstraints, parsePlacementStrategies} from './placement-shorthand.js'
import type {Service} from './service.js'

/** What the JSON says; what it does not is absent. */
export interface ServiceInput {
  readonly cluster?: string
  readonly name?: string
  readonly taskDefinition?: string
  readonly forceNewDeployment?: boolean
  readonly settings: {
    readonly desiredCount?: number
    readonly placementConstraints?: readonly PlacementConstraint[]
    readonly placementStrategies?: readonly PlacementStrategy[]
    readonly healthCheckGracePeriodSeconds?: number
    readonly tags?: Readonly<Record<string, string>>
    readonly propagateTags?: Service['propagateTags']
  }
  readonly configuration: {
    readonly maximumPercent?: number
    readonly minimumHealthyPercent?: number
    readonly circuitBreaker?: Partial<CircuitBreaker>
  }
  /** What is kept in mind and has no effect here, in a sentence each. */
  readonly notes: readonly string[]
}

type Json = Readonly<Record<string, unknown>>

/** What means something on AWS alone, and what to do instead. An empty list or object of it is no wish. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['loadBalancers', 'nothing balances load yet: publish a port, or put a balancer of your own before the instances'],
  ['serviceRegistries', 'there is no Cloud Map here'],
  ['serviceConnectConfiguration', 'there is no Service Connect here'],
  ['volumeConfigurations', 'no EBS volumes are made here: mount a volume in the task definition'],
  ['vpcLatticeConfigurations', 'there is no VPC Lattice here'],
  ['capacityProviderStrategy', 'there are no capacity providers here: instances join the cluster by hand'],
])

/** What changes nothing here. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'availabilityZoneRebalancing',
  'clientToken',
  'enableECSManagedTags',
  'enableExecuteCommand',
  'launchType',
  'monitoring',
  'networkConfiguration',
  'platformVersion',
  'role',
])

const MEANT = [
  'cluster',
  'deploymentConfiguration',
  'deploymentController',
  'desiredCount',
  'forceNewDeployment',
  'healthCheckGracePeriodSeconds',
  'placementConstraints',
  'placementStrategy',
  'propagateTags',
  'schedulingStrategy',
  'service',
  'serviceName',
  'tags',
  'taskDefinition',
] as const

/** Throws `InvalidServiceInput` for what is no such JSON, and `UnsupportedFeatureException` for what only AWS has, by name and with what to do. */
export function parseServiceInput(text: string): ServiceInput {
  const json = objectIn(parsed(text), 'The JSON')
  const notes: string[] = []
  for (const [name, value] of Object.entries(json)) {
    if (MEANT.some((one) => one === name)) continue
    if (WITHOUT_EFFECT.has(name)) notes.push(`${name} has no effect here`)
    else if (!REFUSED.has(name)) throw unknown(name)
    else if (!isEmpty(value)) throw unsupported(name, REFUSED.get(name) ?? '')
  }
  refuseKinds(json)
  return {...named(json), settings: settingsOf(json), configuration: configurationOf(json['deploymentConfiguration']), notes}
}

function refuseKinds({deploymentController, schedulingStrategy}: Json): void {
  if (schedulingStrategy === 'DAEMON') throw unsupported('schedulingStrategy DAEMON', 'use "berth daemon deploy"')
  if (schedulingStrategy !== undefined && schedulingStrategy !== 'REPLICA') throw invalid('schedulingStrategy is REPLICA or DAEMON')
  const {type = 'ECS'} =
    deploymentController === undefined ? {} : (objectIn(deploymentController, 'deploymentController') as {type?: unknown})
  if (type !== 'ECS')
    throw unsupported(`deploymentController ${quoted(String(type))}`, 'deployments are rolled by Berth itself: leave it out')
}

function named(json: Json): Pick<ServiceInput, 'cluster' | 'name' | 'taskDefinition' | 'forceNewDeployment'> {
  const name = textIn(json, 'serviceName') ?? textIn(json, 'service')
  const [cluster, taskDefinition] = [textIn(json, 'cluster'), textIn(json, 'taskDefinition')]
  const {forceNewDeployment: forced} = json
  if (forced !== undefined && typeof forced !== 'boolean') throw invalid('forceNewDeployment is true or false')
  return {
    ...(name === undefined ? {} : {name}),
    ...(cluster === undefined ? {} : {cluster}),
    ...(taskDefinition === undefined ? {} : {taskDefinition}),
    ...(forced === undefined ? {} : {forceNewDeployment: forced}),
  }
}

function settingsOf(json: Json): ServiceInput['settings'] {
  const [desiredCount, grace] = [countIn(json, 'desiredCount', 0, 5000), countIn(json, 'healthCheckGracePeriodSeconds', 0, 2_147_483_647)]
  const {placementConstraints, placementStrategy, propagateTags, tags} = json
  if (propagateTags !== undefined && !['NONE', 'SERVICE', 'TASK_DEFINITION'].includes(String(propagateTags)))
    throw invalid('propagateTags is NONE, SERVICE or TASK_DEFINITION')
  return {
    ...(desiredCount === undefined ? {} : {desiredCount}),
    ...(grace === undefined ? {} : {healthCheckGracePeriodSeconds: grace}),
    ...(placementConstraints === undefined
      ? {}
      : {placementConstraints: parsePlacementConstraints(shorthand(placementConstraints, 'placementConstraints', 'expression'))}),
    ...(placementStrategy === undefined
      ? {}
      : {placementStrategies: parsePlacementStrategies(shorthand(placementStrategy, 'placementStrategy', 'field'))}),
    ...(propagateTags === undefined ? {} : {propagateTags: propagateTags as Service['propagateTags']}),
    ...(tags === undefined ? {} : {tags: Object.fromEntries(listIn(tags, 'tags').map(tagOf))}),
  }
}

/** As the flags have them, which check them. */
function shorthand(value: unknown, where: string, detail: 'expression' | 'field'): readonly string[] {
  return listIn(value, where).map((one) => {
    const {[detail]: said, type} = objectIn(one, where)
    if (typeof type !== 'string') throw invalid(`each of ${where} has a type`)
    return said === undefined || said === '' ? type : `${type}:${String(said)}`
  })
}

function tagOf(one: unknown): readonly [string, string] {
  const {key, value = ''} = objectIn(one, 'tags')
  if (typeof key !== 'string' || typeof value !== 'string') throw invalid('each of tags has a key and a value')
  return [key, value]
}

const OF_CONFIGURATION = ['alarms', 'deploymentCircuitBreaker', 'maximumPercent', 'minimumHealthyPercent', 'strategy'] as const

function configurationOf(value: unknown): ServiceInput['configuration'] {
  if (value === undefined) return {}
  const json = objectIn(value, 'deploymentConfiguration')
  const {alarms, deploymentCircuitBreaker: breaker, strategy = 'ROLLING'} = json
  if (strategy !== 'ROLLING') throw unsupported(`deploymentConfiguration.strategy ${quoted(String(strategy))}`, 'only ROLLING is there yet')
  if (alarms !== undefined && objectIn(alarms, 'alarms')['enable'] === true)
    throw unsupported('deploymentConfiguration.alarms', 'there are no alarms here: use the circuit breaker')
  const other = Object.keys(json).find((name) => !OF_CONFIGURATION.some((one) => one === name))
  if (other !== undefined) throw unsupported(`deploymentConfiguration.${other}`, 'it belongs to other strategies than ROLLING')
  const [maximumPercent, minimumHealthyPercent] = [
    countIn(json, 'maximumPercent', 100, 200),
    countIn(json, 'minimumHealthyPercent', 0, 100),
  ]
  return {
    ...(maximumPercent === undefined ? {} : {maximumPercent}),
    ...(minimumHealthyPercent === undefined ? {} : {minimumHealthyPercent}),
    ...(breaker === undefined ? {} : {circuitBreaker: breakerOf(objectIn(breaker, 'deploymentCircuitBreaker'))}),
  }
}

function breakerOf({enable = false, resetOnHealthyTask, rollback = false, thresholdConfiguration}: Json): Partial<CircuitBreaker> {
  if (typeof enable !== 'boolean' || typeof rollback !== 'boolean')
    throw invalid('enable and rollback of the circuit breaker are true or false')
  if (resetOnHealthyTask !== undefined && typeof resetOnHealthyTask !== 'boolean') throw invalid('resetOnHealthyTask is true or false')
  return {
    enable,
    rollback,
    ...(resetOnHealthyTask === undefined ? {} : {resetOnHealthyTask}),
    ...(thresholdConfiguration === undefined ? {} : {threshold: thresholdOf(objectIn(thresholdConfiguration, 'thresholdConfiguration'))}),
  }
}

function thresholdOf(json: Json): CircuitBreaker['threshold'] {
  const {type = 'BOUNDED_PERCENT'} = json
  if (type !== 'BOUNDED_PERCENT' && type !== 'UNBOUNDED_PERCENT' && type !== 'COUNT')
    throw invalid('the type of thresholdConfiguration is BOUNDED_PERCENT, UNBOUNDED_PERCENT or COUNT')
  return {type, value: countIn(json, 'value', 1, type === 'COUNT' ? Number.MAX_SAFE_INTEGER : 100) ?? 50}
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What the library says quotes the text.
    throw invalid('It is no JSON')
  }
}

function objectIn(value: unknown, where: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  throw invalid(`${where} is an object`)
}

function listIn(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw invalid(`${where} is a list`)
}

function textIn(json: Json, name: string): string | undefined {
  const value = json[name]
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw invalid(`${name} is a text`)
}

function countIn(json: Json, name: string, least: number, most: number): number | undefined {
  const value = json[name]
  if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most)) return value
  throw invalid(`${name} is a whole number from ${least} to ${most}`)
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}

function unknown(name: string): InvalidInputError {
  const near = nearest(name, [...MEANT, ...WITHOUT_EFFECT, ...REFUSED.keys()])
  return invalid(`${quoted(name)} is no field of a service${near === undefined ? '' : `; ${near} is one`}`)
}

function unsupported(what: string, instead: string): InvalidInputError {
  return new InvalidInputError('UnsupportedFeatureException', `The service asks for ${what}, which is not here: ${instead}.`, {
    suggestions: ['berth service create --help'],
  })
}

function invalid(what: string): InvalidInputError {
  return new InvalidInputError('InvalidServiceInput', `The JSON of the service is not as aws takes it: ${what}.`, {
    suggestions: ['berth service create --cli-input-json file://service.json'],
  })
}
