// What an instance can do and what a definition asks for, by ECS's attribute names (developer guide, "Attributes"; amazon-ecs-agent, capabilities; read 2026-11-23).
import {type Attributes, checkAttributeValue, type RequiredAttribute} from '../model/attributes.js'
import type {ContainerDefinition} from '../model/container-definition.js'
import type {EngineFacts} from '../model/instance.js'
import {compareText} from '../model/state.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'

const OLD_PREFIX = 'com.amazonaws.ecs.capability.'
const NEW_PREFIX = 'ecs.capability.'

/** The oldest API that ECS has an attribute for. */
const OLDEST_API_MINOR = 17

/** ECS's names for what engines call by other names; others stay as the engine says them. */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['aarch64', 'arm64'],
  ['amd64', 'x86_64'],
])

/** A processor as ECS names it, by the engine's name. */
export function ecsArchitecture(architecture: string): string {
  return ARCHITECTURES.get(architecture) ?? architecture
}

/** What a person says of the host when it joins; what is not said has no attribute. */
export interface Placing {
  readonly zone?: string
  readonly instanceType?: string
}

/**
 * The attributes that Berth sets by itself: zone and type as told, system and architecture as the engine tells, and a capability for each thing that the
 * engine can do. What needs AWS (roles, ECR, secrets, network interfaces) is not claimed, so a definition that asks for it is refused by name.
 * Throws `InvalidAttribute` for a zone or type that no attribute can hold.
 */
export function builtInAttributes(facts: EngineFacts, {instanceType, zone}: Placing): Attributes {
  return {
    ...(zone === undefined ? {} : {'ecs.availability-zone': checkAttributeValue('ecs.availability-zone', zone)}),
    ...(instanceType === undefined ? {} : {'ecs.instance-type': checkAttributeValue('ecs.instance-type', instanceType)}),
    'ecs.os-type': facts.osType,
    ...(facts.osType === 'linux' ? {'ecs.os-family': 'LINUX'} : {}),
    'ecs.cpu-architecture': ecsArchitecture(facts.architecture),
    ...Object.fromEntries(capabilities(facts).map((name) => [name, null])),
  }
}

/**
 * The attributes by which an instance proves that it can run the document, in order of their names: the API that knows what it uses, the capabilities it needs,
 * its log drivers but those of AWS, which are kept on the host, and the architecture where it names one.
 */
export function requiredAttributes({containerDefinitions, runtimePlatform}: TaskDefinitionDocument): readonly RequiredAttribute[] {
  const names = containerDefinitions.flatMap((container) => [
    ...(container.memoryReservation === undefined ? [] : [apiAttribute(21)]),
    ...(container.stopTimeout === undefined ? [] : [apiAttribute(25)]),
    ...(container.healthCheck === undefined ? [] : [`${NEW_PREFIX}container-health-check`]),
    ...(container.dependsOn?.length ? [`${NEW_PREFIX}container-ordering`] : []),
    ...(container.privileged ? [`${OLD_PREFIX}privileged-container`] : []),
    ...logDriverOf(container),
  ])
  const {cpuArchitecture} = runtimePlatform ?? {}
  const platform = cpuArchitecture === undefined ? [] : [{name: 'ecs.cpu-architecture', value: cpuArchitecture.toLowerCase()}]
  return [...[...new Set(names)].map((name) => ({name})), ...platform].sort((a, b) => compareText(a.name, b.name))
}

function logDriverOf({logConfiguration}: ContainerDefinition): readonly string[] {
  const driver = logConfiguration?.logDriver
  return driver === undefined || driver === 'awslogs' || driver === 'awsfirelens' ? [] : [`${OLD_PREFIX}logging-driver.${driver}`]
}

function capabilities(facts: EngineFacts): readonly string[] {
  return [
    `${NEW_PREFIX}external`,
    `${NEW_PREFIX}container-health-check`,
    `${NEW_PREFIX}container-ordering`,
    `${OLD_PREFIX}privileged-container`,
    ...securityModules(facts).map((name) => `${OLD_PREFIX}${name}`),
    ...facts.loggingDrivers.map((name) => `${OLD_PREFIX}logging-driver.${name}`),
    ...apiMinors(facts.apiVersion).map(apiAttribute),
  ]
}

/** Docker tells its security options as `name=apparmor` or `name=seccomp,profile=builtin`; very old engines as the bare name. */
function securityModules({securityOptions}: EngineFacts): readonly string[] {
  const named = securityOptions.map((option) => /^(?:name=)?([^,]*)/.exec(option)?.[1])
  return ['apparmor', 'selinux'].filter((name) => named.includes(name))
}

/** Each minor version that an engine of this API has an attribute for, the oldest first; none where the API is not of the first generation. */
function apiMinors(apiVersion: string): readonly number[] {
  const newest = Number(/^1\.(\d{1,3})$/.exec(apiVersion)?.[1] ?? 0)
  return Array.from({length: Math.max(0, newest - OLDEST_API_MINOR + 1)}, (_, after) => OLDEST_API_MINOR + after)
}

function apiAttribute(minor: number): string {
  return `${OLD_PREFIX}docker-remote-api.1.${minor}`
}
