// What a run needs and no record may hold, found before anything is recorded or any host is asked: secrets, environment files, file systems.
import {InvalidInputError, KnownError, NotFoundError} from '../errors.js'
import type {ContainerDefinition, NameValue} from '../model/container-definition.js'
import {parseEnvironmentFile} from '../model/environment.js'
import {quoted, shellWord, typedWith} from '../model/names.js'
import type {TypedFileSystem, TypedSecret} from '../model/run-sources.js'
import {mergeEnvironment, type TaskDefinition, type TaskDefinitionDocument} from '../model/task-definition.js'
import type {ByContainer, RunMaterials} from '../tasks/materials.js'
import type {World} from '../world/world.js'
import {askPermission} from './client-permission.js'
import {type NeededSecret, neededSecrets} from './needed-secrets.js'

/** What a person says of the sources of a run. */
export interface SourcesWanted {
  readonly secrets: readonly TypedSecret[]
  readonly fileSystems: readonly TypedFileSystem[]
  /** Programs may be run and files outside the definition's folder read, as the definition says. */
  readonly allowClientSecrets: boolean
}

type Read = (source: NeededSecret['source']) => Promise<string>

/**
 * The materials of a run of this document, which has the run's overrides. A secret whose name the environment has already is not read, one that several
 * containers need is read once. Throws `SecretNotFound`, `EnvironmentFileNotFound`, `UnsupportedFeatureException` for a file system that nothing stands
 * for, `InvalidSecret` and `InvalidFileSystem` for what was typed of things that the definition has not, and `DeclinedError` where it wants more of
 * this machine than it may.
 */
export async function runMaterials(
  world: World,
  definition: TaskDefinition,
  document: TaskDefinitionDocument,
  wanted: SourcesWanted,
): Promise<RunMaterials> {
  const containers = document.containerDefinitions
  const fileSystems = fileSystemsOf(world, definition, document, wanted.fileSystems)
  const secrets = neededSecrets(world, definition, document, wanted.secrets)
  const files = containers.flatMap((container) => (container.environmentFiles ?? []).map(({value}) => pathOf(world, definition, value)))
  if (!wanted.allowClientSecrets) await askPermission(world, definition, secrets, files)
  const read = readingOnce(world)
  const [fileEnvironment, secretEnvironment, logOptions] = await Promise.all([
    byContainer(containers, (container) => fileVariables(world, definition, container)),
    byContainer(containers, ({name}) => values(secrets, name, 'environment', read)),
    byContainer(containers, async ({name}) => {
      const options = await values(secrets, name, 'log', read)
      return Object.fromEntries(options.map((one) => [one.name, one.value]))
    }),
  ])
  return {fileEnvironment, secretEnvironment, logOptions, fileSystems}
}

/** A program that prints a secret may ask a person, or cost: it is run once a run. */
function readingOnce({secrets, signal}: World): Read {
  const begun = new Map<string, Promise<string>>()
  return (source) => {
    const key = JSON.stringify(source)
    const value = begun.get(key) ?? secrets.read(source, signal)
    begun.set(key, value)
    return value
  }
}

async function values(
  secrets: readonly NeededSecret[],
  container: string,
  use: NeededSecret['use'],
  read: Read,
): Promise<readonly NameValue[]> {
  const own = secrets.filter((one) => one.container === container && one.use === use)
  return Promise.all(own.map(async ({name, source}) => ({name, value: await read(source)})))
}

/** Of a name that stands in several files the first one holds. A name without a value takes none from here: ECS has no such thing. */
async function fileVariables(world: World, definition: TaskDefinition, container: ContainerDefinition): Promise<readonly NameValue[]> {
  const files = await Promise.all(
    (container.environmentFiles ?? []).map(({value}) => variablesIn(world, pathOf(world, definition, value), container.name)),
  )
  return files.reduceRight<readonly NameValue[]>((under, file) => mergeEnvironment(under, file), [])
}

async function variablesIn({files}: World, path: string, container: string): Promise<readonly NameValue[]> {
  try {
    return parseEnvironmentFile(await files.read(path), {}, path)
  } catch (error) {
    if (error instanceof KnownError) throw error
    throw new NotFoundError(
      'EnvironmentFileNotFound',
      `The environment file ${quoted(path)} of container ${quoted(container)} cannot be read.`,
      {cause: error, suggestions: [`ls -l ${shellWord(path)}`]},
    )
  }
}

/** An object of S3 is looked for by its own name in the definition's folder. */
function pathOf(world: World, {folder, id}: TaskDefinition, value: string): string {
  if (!value.startsWith('arn:')) return world.files.resolve(value, folder)
  if (folder !== undefined) return world.files.resolve(value.slice(value.lastIndexOf('/') + 1), folder)
  throw new NotFoundError(
    'EnvironmentFileNotFound',
    `The environment file ${quoted(value)} of task definition ${quoted(id)} is looked for in the folder of the definition's file, which is not known: it was registered from standard input.`,
    {suggestions: ['berth task-definition register FILE']},
  )
}

function fileSystemsOf(
  {typed}: World,
  {id}: TaskDefinition,
  {containerDefinitions, volumes = []}: TaskDefinitionDocument,
  fileSystems: readonly TypedFileSystem[],
): RunMaterials['fileSystems'] {
  const ids = new Set(volumes.flatMap(({efsVolumeConfiguration}) => efsVolumeConfiguration?.fileSystemId ?? []))
  const unknown = fileSystems.find(({fileSystemId}) => !ids.has(fileSystemId))
  if (unknown)
    throw new InvalidInputError(
      'InvalidFileSystem',
      `Task definition ${quoted(id)} has no EFS file system ${quoted(unknown.fileSystemId)}.`,
      {
        suggestions: [`berth task-definition describe ${id}`],
      },
    )
  const mounted = new Set(containerDefinitions.flatMap(({mountPoints = []}) => mountPoints.map(({sourceVolume}) => sourceVolume)))
  for (const {efsVolumeConfiguration, name} of volumes) {
    const wanted = efsVolumeConfiguration?.fileSystemId
    if (wanted === undefined || !mounted.has(name) || fileSystems.some(({fileSystemId}) => fileSystemId === wanted)) continue
    throw new InvalidInputError(
      'UnsupportedFeatureException',
      `Volume ${quoted(name)} is the EFS file system ${quoted(wanted)}, which is not here; say which NFS export stands for it with --efs.`,
      {suggestions: [typedWith(typed, ['--efs', `${wanted}=nfs://SERVER/PATH`])]},
    )
  }
  return Object.fromEntries(fileSystems.map(({fileSystemId, path, server}) => [fileSystemId, {server, path}]))
}

async function byContainer<T>(
  containers: readonly ContainerDefinition[],
  find: (container: ContainerDefinition) => Promise<T>,
): Promise<ByContainer<T>> {
  return Object.fromEntries(await Promise.all(containers.map(async (container) => [container.name, await find(container)] as const)))
}
