// What was asked for and is not there, or found no place: ECS's failures[], beside whatever succeeded.
import type {Failure} from '@aws-sdk/client-ecs'
import type {Refusal} from '../model/placement.js'
import {instanceArn} from './arns.js'
import type {Described} from './described.js'

/** The entry for a thing that does not exist; `reference` is its ARN or, where none can be made, the words it was asked by. */
export function missingFailure(reference: string): Described<Failure> {
  return {arn: reference, reason: 'MISSING'}
}

/**
 * An entry for each instance and each reason why it took no task, in the order of the refusals; what several refused tasks share is said once, as
 * ECS does. Empty where the cluster has no instance.
 */
export function placementFailures(clusterName: string, refusals: readonly Refusal[]): readonly Described<Failure>[] {
  const failures = new Map<string, Described<Failure>>()
  // Refusals of one request share one list, however many they are.
  for (const reasons of new Set(refusals.map((refusal) => refusal.reasons)))
    for (const {code, instanceId, said} of reasons) {
      const key = JSON.stringify([instanceId, code, said])
      if (!failures.has(key)) failures.set(key, {arn: instanceArn(clusterName, instanceId), reason: code, detail: said})
    }
  return [...failures.values()]
}
