// A task definition as DescribeTaskDefinition tells it and as RegisterTaskDefinition takes it.
import type {
  DeleteTaskDefinitionsResponse,
  DescribeTaskDefinitionResponse,
  Compatibility,
  TaskDefinition as EcsTaskDefinition,
  RegisterTaskDefinitionRequest,
} from '@aws-sdk/client-ecs'
import type {DefinitionNote} from '../model/definition/notes.js'
import type {TaskDefinition, TaskDefinitionDocument} from '../model/task-definition.js'
import {instant} from '../model/time.js'
import {definitionArn} from './arns.js'
import {requiredAttributes} from './attributes.js'
import type {Described} from './described.js'

/** The document as it was registered, and what registering added to it. */
export function taskDefinitionJson(definition: TaskDefinition): Described<EcsTaskDefinition> {
  const {deregisteredAt, document, registeredAt} = definition
  return {
    taskDefinitionArn: definitionArn(definition.id),
    ...document,
    revision: definition.revision,
    status: definition.status,
    volumes: document.volumes ?? [],
    requiresAttributes: [...requiredAttributes(document)],
    placementConstraints: document.placementConstraints ?? [],
    compatibilities: compatibilitiesOf(document),
    registeredAt: new Date(instant(registeredAt)),
    ...(deregisteredAt === undefined ? {} : {deregisteredAt: new Date(instant(deregisteredAt))}),
  }
}

/** One definition as DescribeTaskDefinition answers with its tags; with the notes of a registration RegisterTaskDefinition's answer. */
export function describedDefinitionJson(definition: TaskDefinition, notes?: readonly DefinitionNote[]) {
  return {
    taskDefinition: taskDefinitionJson(definition),
    tags: definition.tags ?? [],
    ...(notes === undefined ? {} : {notes}),
  } satisfies Described<DescribeTaskDefinitionResponse> & {readonly notes?: readonly DefinitionNote[]}
}

/** One as DescribeTaskDefinition answers; several as a list, for which ECS has no call. */
export function describedDefinitionsJson(found: {readonly definitions: readonly TaskDefinition[]}) {
  const [only, ...others] = found.definitions
  return only && others.length === 0 ? describedDefinitionJson(only) : taskDefinitionsJson(found)
}

/** Several definitions, as DeleteTaskDefinitions answers; ECS has no call that describes several. */
export function taskDefinitionsJson({definitions}: {readonly definitions: readonly TaskDefinition[]}) {
  return {taskDefinitions: definitions.map(taskDefinitionJson), failures: []} satisfies Described<DeleteTaskDefinitionsResponse>
}

/** What `aws ecs register-task-definition --cli-input-json` takes: the document as it came, and its tags. */
export function registrationJson({document, tags}: Pick<TaskDefinition, 'document' | 'tags'>): Described<RegisterTaskDefinitionRequest> {
  return {...document, ...(tags?.length ? {tags} : {})}
}

/** Where ECS could run it: anything runs on one's own hosts, and with a network interface of its own and sizes on Fargate too. */
function compatibilitiesOf({cpu, memory, networkMode, requiresCompatibilities = []}: TaskDefinitionDocument): readonly Compatibility[] {
  const fitsFargate = requiresCompatibilities.includes('FARGATE') || (networkMode === 'awsvpc' && cpu !== undefined && memory !== undefined)
  const external: readonly Compatibility[] = networkMode === 'awsvpc' ? [] : ['EXTERNAL']
  return [...external, 'EC2', ...(fitsFargate ? (['FARGATE'] as const) : [])]
}
