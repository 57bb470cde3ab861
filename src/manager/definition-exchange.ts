// Task definitions compared and handed on: a revision beside another or beside a file, and what AWS takes.
import {type Difference, definitionDiff} from '../model/definition-diff.js'
import {parseSecretSource} from '../model/secret-source.js'
import type {TaskDefinition, TaskDefinitionDocument} from '../model/task-definition.js'
import type {World} from '../world/world.js'
import {type DefinitionText, readDefinition} from './definition-text.js'
import {findDefinition} from './definitions.js'

/** One side of a comparison: a revision by its name, or a file. */
export type DefinitionSide = string | DefinitionText

/** What differs between two definitions, in the order of their places. */
export async function diffDefinitions(
  world: World,
  {from, to}: {readonly from: DefinitionSide; readonly to: DefinitionSide},
): Promise<readonly Difference[]> {
  return definitionDiff(await documentOfSide(world, from), await documentOfSide(world, to))
}

export interface ExportedDefinition {
  readonly definition: TaskDefinition
  /** As text of the format asked for; absent where JSON is returned by the command itself. */
  readonly text: string
}

/** The definition as `aws ecs register-task-definition` takes it; what AWS will not understand of it is told. */
export async function exportDefinition(
  world: World,
  {format, json, text}: {readonly text: string; readonly format: 'json' | 'yaml'; readonly json: (definition: TaskDefinition) => object},
): Promise<ExportedDefinition> {
  const definition = findDefinition((await world.store.read()).state, text)
  for (const said of localParts(definition.document)) world.reporter.note(`note: ${said}`)
  const exported = json(definition)
  if (format === 'json') return {definition, text: JSON.stringify(exported, undefined, 2)}
  const {yamlText} = await import('../model/parse-yaml.js')
  return {definition, text: yamlText(exported)}
}

async function documentOfSide(world: World, side: DefinitionSide): Promise<TaskDefinitionDocument> {
  if (typeof side === 'string') return findDefinition((await world.store.read()).state, side).document
  return (await readDefinition(side)).document
}

/** What means something only here. */
function localParts({containerDefinitions}: TaskDefinitionDocument): readonly string[] {
  return containerDefinitions.flatMap(({environmentFiles = [], logConfiguration, name, secrets = []}) => [
    ...[...secrets, ...(logConfiguration?.secretOptions ?? [])]
      .filter(({valueFrom}) => parseSecretSource(valueFrom).kind !== 'aws')
      .map((secret) => `secret ${secret.name} of container ${name} comes from this machine; AWS wants the ARN of a secret or a parameter`),
    ...environmentFiles
      .filter(({value}) => !value.startsWith('arn:'))
      .map(({value}) => `environment file ${value} of container ${name} lies on this machine; AWS wants the ARN of an S3 object`),
  ])
}
