// What drift is looked at through, of one state: the rooms that decide it may not know those that make containers and name attributes.
import {builtInAttributes, requiredAttributes} from '../ecs/attributes.js'
import {InvalidInputError} from '../errors.js'
import type {EngineFacts, Instance} from '../model/instance.js'
import type {UpdateInstance} from '../model/plan.js'
import {registeredResources} from '../model/register-resources.js'
import type {State} from '../model/state.js'
import type {Instant} from '../model/time.js'
import type {DriftLens} from '../scheduling/drift/asked.js'
import {containerWish, overrideAsFound} from '../tasks/container-wish.js'
import {adoptedTask, taskAsFound} from '../tasks/found-tasks.js'
import {inContext} from './drive.js'
import {placing} from './instances.js'

/** All of `state`, and of the moment `now`. */
export function driftLens(state: State, now: Instant): DriftLens {
  return {
    wish: (task, containerName) => containerWish(inContext(state, task), containerName),
    found: (task, containers) => taskAsFound(inContext(state, task), containers, now),
    adopted: (instance, containers) => adoptedTask(state, instance, containers, now),
    override: (task, containers) => overrideAsFound(inContext(state, task), containers),
    hostChange,
    requiredAttributes,
  }
}

function hostChange(instance: Instance, facts: EngineFacts): UpdateInstance['change'] | string {
  try {
    const registered = registeredResources(facts, instance.resourceSettings)
    return {engine: facts, builtInAttributes: builtInAttributes(facts, placing(instance, {})), registered}
  } catch (error) {
    // What was said of its resources at the join leaves nothing of what the host has now.
    if (error instanceof InvalidInputError) return error.message
    throw error
  }
}
