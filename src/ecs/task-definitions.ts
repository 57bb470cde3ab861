// A task definition as DescribeTaskDefinition tells it.
import type {TaskDefinition as EcsTaskDefinition} from '@aws-sdk/client-ecs'
import type {TaskDefinition} from '../model/task-definition.js'
import {instant} from '../model/time.js'
import {definitionArn} from './arns.js'
import {requiredAttributes} from './attributes.js'
import type {Described} from './described.js'

/** The document as it was registered, and what registering added to it. */
export function taskDefinitionJson(definition: TaskDefinition): Described<EcsTaskDefinition> {
  return {
    taskDefinitionArn: definitionArn(definition.id),
    ...definition.document,
    revision: definition.revision,
    status: definition.status,
    volumes: definition.document.volumes ?? [],
    requiresAttributes: requiredAttributes(definition.document).map((name) => ({name})),
    placementConstraints: [],
    compatibilities: ['EXTERNAL', 'EC2'],
    registeredAt: new Date(instant(definition.registeredAt)),
  }
}
