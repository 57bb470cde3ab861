// Rules on what a container asks of its host: devices, limits, security, GPUs.
import type {ResourceRequirement} from '../../container-definition.js'
import {containersOf, type Draft, type DraftContainer, type DraftDocument, type Finding, items, repeated} from '../draft.js'
import type {Path} from '../fault.js'

const SECURITY_OPTION = /^(no-new-privileges([:=](true|false))?|apparmor[:=].+|label[:=].+)$/

export function* hostAccessRules(document: DraftDocument): Iterable<Finding> {
  for (const [container, path] of containersOf(document)) {
    yield* limitRules(container, path)
    yield* securityRules(container, path)
    for (const [index, requirement] of items(container.resourceRequirements))
      yield* requirementRules(requirement, [...path, 'resourceRequirements', index])
  }
}

/** -1 is no limit. */
function* limitRules({ulimits}: DraftContainer, path: Path): Iterable<Finding> {
  const at = [...path, 'ulimits']
  for (const [index, {hardLimit, softLimit}] of items(ulimits))
    if (hardLimit !== undefined && softLimit !== undefined && hardLimit !== -1 && (softLimit > hardLimit || softLimit === -1))
      yield {path: [...at, index, 'softLimit'], rule: `must not be greater than the hardLimit of ${hardLimit}`}
  for (const index of repeated((ulimits ?? []).map((limit) => limit?.name)))
    yield {path: [...at, index, 'name'], rule: 'has a limit already'}
}

function* securityRules({dockerSecurityOptions}: DraftContainer, path: Path): Iterable<Finding> {
  for (const [index, option] of items(dockerSecurityOptions)) {
    const at = [...path, 'dockerSecurityOptions', index]
    if (/^credentialspec/.test(option))
      yield {path: at, rule: 'cannot be had: group-managed service accounts are a thing of Windows domains; leave it out'}
    else if (!SECURITY_OPTION.test(option)) yield {path: at, rule: 'must be no-new-privileges, apparmor:PROFILE or label:VALUE'}
  }
}

function* requirementRules({type, value}: Draft<ResourceRequirement>, path: Path): Iterable<Finding> {
  if (type === 'GPU' && !/^([1-9]\d{0,3}|ALL)$/.test(value ?? ''))
    yield {path: [...path, 'value'], rule: 'must be a number of GPUs in quotes, such as "1", or ALL'}
  if (type === 'NeuronDevice' || type === 'InferenceAccelerator')
    yield {path: [...path, 'type'], rule: 'cannot be had: AWS alone has these devices; GPU is what an instance can have'}
}
