// Which secrets a run reads, and where each of them is: what was typed before what the definition says.
import {InvalidInputError, NotFoundError} from '../errors.js'
import type {ContainerDefinition, Secret} from '../model/container-definition.js'
import {quoted, typedWith} from '../model/names.js'
import type {TypedSecret} from '../model/run-sources.js'
import {parseSecretSource} from '../model/secret-source.js'
import type {TaskDefinition, TaskDefinitionDocument} from '../model/task-definition.js'
import type {World} from '../world/world.js'

export interface NeededSecret {
  readonly container: string
  readonly name: string
  /** Where it becomes a variable, or an option of the log driver. */
  readonly use: 'environment' | 'log'
  /** Paths in it are absolute. */
  readonly source: TypedSecret['source']
  /** Said on the command line, and so the person's own. */
  readonly isTyped: boolean
}

interface Named extends Secret {
  readonly container: string
  readonly use: NeededSecret['use']
  /** The environment has this name already, and wins. */
  readonly isCovered: boolean
}

/**
 * In the order of the document. Throws `SecretNotFound` naming all that only AWS has, and `InvalidSecret` where the definition has no such secret as was
 * typed.
 */
export function neededSecrets(
  world: World,
  definition: TaskDefinition,
  document: TaskDefinitionDocument,
  typed: readonly TypedSecret[],
): readonly NeededSecret[] {
  const all = document.containerDefinitions.flatMap(secretsOf)
  refuseUnknown(definition, all, typed)
  const found = all.filter(({isCovered}) => !isCovered).map((secret) => located(world, definition, secret, typed))
  const missing = found.filter((one) => one.source.kind === 'aws')
  if (missing.length > 0) throw keptByAws(world, missing)
  return found.flatMap(({source, ...one}) => (source.kind === 'aws' ? [] : [{...one, source}]))
}

function secretsOf({environment = [], logConfiguration, name: container, secrets = []}: ContainerDefinition): readonly Named[] {
  const given = new Set(environment.map(({name}) => name))
  return [
    ...secrets.map((secret) => ({...secret, container, use: 'environment' as const, isCovered: given.has(secret.name)})),
    ...(logConfiguration?.secretOptions ?? []).map((secret) => ({...secret, container, use: 'log' as const, isCovered: false})),
  ]
}

/** What AWS knows one secret by is nearer than a name, which several containers may have. Of two flags that say the same the later wins. */
function located(world: World, {folder}: TaskDefinition, {container, name, use, valueFrom}: Named, typed: readonly TypedSecret[]) {
  const said = typed.findLast((one) => one.name === valueFrom) ?? typed.findLast((one) => one.name === name)
  const source = said?.source ?? parseSecretSource(valueFrom)
  const isTyped = said !== undefined
  const from = isTyped ? undefined : folder
  if (source.kind === 'file')
    return {container, name, use, valueFrom, isTyped, source: {...source, path: world.files.resolve(source.path, from)}}
  const [program, ...words] = source.kind === 'exec' ? source.words : ['']
  if (source.kind !== 'exec' || !program.includes('/')) return {container, name, use, valueFrom, isTyped, source}
  // A program by its path lies where a file by the same path would.
  const found = [world.files.resolve(program, from), ...words] as const
  return {container, name, use, valueFrom, isTyped, source: {...source, words: found}}
}

function refuseUnknown({id}: TaskDefinition, all: readonly Named[], typed: readonly TypedSecret[]): void {
  const unknown = typed.find((one) => all.every(({name, valueFrom}) => one.name !== name && one.name !== valueFrom))
  if (!unknown) return
  const names = [...new Set(all.map(({name}) => name))]
  throw new InvalidInputError(
    'InvalidSecret',
    `Task definition ${quoted(id)} has no secret ${quoted(unknown.name)}; it has ${names.map(quoted).join(', ') || 'none'}.`,
    {suggestions: [`berth task-definition describe ${id}`]},
  )
}

function keptByAws({typed}: World, missing: readonly (Secret & {readonly container: string})[]): NotFoundError {
  const named = missing.map(
    ({container, name, valueFrom}) => `secret ${quoted(name)} of container ${quoted(container)}, which AWS keeps as ${quoted(valueFrom)}`,
  )
  const flags = [...new Set(missing.map(({name}) => `${name}=env:${variableFor(name)}`))].flatMap((text) => ['--secret', text])
  return new NotFoundError('SecretNotFound', `No value is here for ${named.join('; ')}.`, {suggestions: [typedWith(typed, flags)]})
}

/** An option of a log driver may have a name that no variable can have. */
function variableFor(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name)
    ? name
    : name
        .toUpperCase()
        .replace(/[^A-Z0-9_]/g, '_')
        .replace(/^(?=\d|$)/, '_')
}
