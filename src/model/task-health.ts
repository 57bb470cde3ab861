// The health of a task, from that of its containers (ECS API, Task.healthStatus, read 2026-11-26).
import {isEssential} from './container-definition.js'
import type {HealthStatus, Task} from './task.js'
import type {TaskDefinitionDocument} from './task-definition.js'

/** Over the essential containers: UNHEALTHY when one is, else UNKNOWN when of one nothing is known, such as one without a check; else HEALTHY. */
export function taskHealth({containers}: Pick<Task, 'containers'>, {containerDefinitions}: TaskDefinitionDocument): HealthStatus {
  const essential = containerDefinitions
    .filter(isEssential)
    .map(({name}) => containers.find((one) => one.name === name)?.healthStatus ?? 'UNKNOWN')
  if (essential.includes('UNHEALTHY')) return 'UNHEALTHY'
  return essential.length === 0 || essential.includes('UNKNOWN') ? 'UNKNOWN' : 'HEALTHY'
}
