// What a run needs and no record may hold, found before anything is recorded or any host is asked: secrets, environment files, file systems.
import {InvalidInputError, KnownError, NotFoundError} from '../errors.js'
import type {ContainerDefinition, NameValue, Secret} from '../model/container-definition.js'
import {parseEnvironmentFile} from '../model/environment.js'
import {quoted, shellWord} from '../model/names.js'
import type {TypedFileSystem, TypedSecret} from '../model/run-sources.js'
import {parseSecretSource, type SecretSource} from '../model/secret-source.js'
import {mergeEnvironment, type TaskDefinition, type TaskDefinitionDocument} from '../model/task-definition.js'
import type {RunMaterials} from '../tasks/materials.js'
import type {World} from '../world/world.js'

/** What a person says of the sources of a run. */
export interface SourcesWanted {
  readonly secrets: readonly TypedSecret[]
  readonly fileSystems: readonly TypedFileSystem[]
  /** Programs may be run and files outside the definition's folder read, as the definition says. */
  readonly allowClientSecrets: boolean
}

interface Needed {
  readonly container: ContainerDefinition
  readonly secret: Secret
  readonly source: SecretSource
  /** Said on the command line, and so the person's own. */
  readonly isTyped: boolean
}

/**
 * The materials of a run of this document, which has the run's overrides. A secret whose name the environment has already is not read. Throws
 * `SecretNotFound`, `EnvironmentFileNotFound`, `UnsupportedFeatureException` for a file system that nothing stands for, and `DeclinedError` where the
 * definition wants more of this machine than it may.
 */
export async function runMaterials(
  world: World,
  definition: TaskDefinition,
  document: TaskDefinitionDocument,
  wanted: SourcesWanted,
): Promise<RunMaterials> {
  const fileSystems = fileSystemsOf(document, wanted)
  const containers = document.containerDefinitions
  const secrets = containers.flatMap((container) => neededSecrets(container, wanted))
  const options = containers.flatMap((container) => neededOptions(container, wanted))
  const files = containers.flatMap((container) => (container.environmentFiles ?? []).map(({value}) => pathOf(world, definition, value)))
  await askForLeave(world, definition, [...secrets, ...options], files, wanted.allowClientSecrets)
  const [secretEnvironment, logOptions, fileEnvironment] = await Promise.all([
    byContainer(containers, async ({name}) =>
      values(
        world,
        definition,
        secrets.filter(({container}) => container.name === name),
      ),
    ),
    byContainer(containers, async ({name}) => {
      const found = await values(
        world,
        definition,
        options.filter(({container}) => container.name === name),
      )
      return Object.fromEntries(found.map((one) => [one.name, one.value]))
    }),
    byContainer(containers, (container) => fileVariables(world, definition, container)),
  ])
  return {secretEnvironment, logOptions, fileEnvironment, fileSystems}
}

function neededSecrets(container: ContainerDefinition, wanted: SourcesWanted): readonly Needed[] {
  const given = new Set((container.environment ?? []).map(({name}) => name))
  return (container.secrets ?? []).filter(({name}) => !given.has(name)).map((secret) => needed(container, secret, wanted))
}

function neededOptions(container: ContainerDefinition, wanted: SourcesWanted): readonly Needed[] {
  return (container.logConfiguration?.secretOptions ?? []).map((secret) => needed(container, secret, wanted))
}

/** What was typed wins: by the secret's name, else by what AWS knows it by. Throws `SecretNotFound` where only AWS has it. */
function needed(container: ContainerDefinition, secret: Secret, {secrets}: SourcesWanted): Needed {
  const typed = secrets.find(({name}) => name === secret.name) ?? secrets.find(({name}) => name === secret.valueFrom)
  if (typed) return {container, secret, source: typed.source, isTyped: true}
  const source = parseSecretSource(secret.valueFrom)
  if (source.kind !== 'aws') return {container, secret, source, isTyped: false}
  throw new NotFoundError(
    'SecretNotFound',
    `Secret ${quoted(secret.name)} of container ${quoted(container.name)} is kept by AWS as ${quoted(source.reference)}, and has no value here.`,
    {
      suggestions: [
        `berth task run FAMILY --secret ${secret.name}=env:${secret.name}`,
        `berth task run FAMILY --secret ${secret.name}=file:PATH`,
      ],
    },
  )
}

async function values(world: World, definition: TaskDefinition, all: readonly Needed[]): Promise<readonly NameValue[]> {
  return Promise.all(
    all.map(async ({isTyped, secret: {name}, source}) => {
      const placed: SecretSource =
        source.kind === 'file' ? {...source, path: world.files.resolve(source.path, isTyped ? undefined : definition.folder)} : source
      return {name, value: await world.secrets.read(placed, world.signal)}
    }),
  )
}

/** Of a name that stands in several files the first one holds. A name without a value takes none from here: ECS has no such thing. */
async function fileVariables(world: World, definition: TaskDefinition, container: ContainerDefinition): Promise<readonly NameValue[]> {
  const files = await Promise.all(
    (container.environmentFiles ?? []).map(async ({value}) => {
      const path = pathOf(world, definition, value)
      try {
        return parseEnvironmentFile(await world.files.read(path), {}, path)
      } catch (error) {
        if (error instanceof KnownError) throw error
        throw new NotFoundError(
          'EnvironmentFileNotFound',
          `The environment file ${quoted(path)} of container ${quoted(container.name)} cannot be read.`,
          {
            cause: error,
            suggestions: [`ls -l ${shellWord(path)}`],
          },
        )
      }
    }),
  )
  return files.reduceRight<readonly NameValue[]>((under, file) => mergeEnvironment(under, file), [])
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

/** A definition may come from anybody: what it wants of this machine beyond its own folder the person must allow. */
async function askForLeave(
  world: World,
  definition: TaskDefinition,
  secrets: readonly Needed[],
  files: readonly string[],
  isAllowed: boolean,
): Promise<void> {
  if (isAllowed) return
  const own = secrets.filter(({isTyped}) => !isTyped)
  const programs = own.flatMap(({source}) => (source.kind === 'exec' ? [`run ${source.words.map(shellWord).join(' ')}`] : []))
  const paths = [
    ...own.flatMap(({source}) => (source.kind === 'file' ? [world.files.resolve(source.path, definition.folder)] : [])),
    ...files,
  ]
  const outside = await Promise.all(paths.map(async (path) => ((await isInside(world, definition.folder, path)) ? [] : [`read ${path}`])))
  const wishes = [...new Set([...programs, ...outside.flat()])]
  if (wishes.length === 0) return
  await world.person.allow(
    `Task definition ${definition.id} wants to ${wishes.join(', ')} on this machine. Allow it?`,
    '--allow-client-secrets',
  )
}

/** One that is not there is refused later, by its own name. */
async function isInside(world: World, folder: string | undefined, path: string): Promise<boolean> {
  if (folder === undefined) return false
  const real = (await world.files.realPath(path)) ?? path
  const within = (await world.files.realPath(folder)) ?? folder
  return real.startsWith(within.endsWith('/') ? within : `${within}/`)
}

function fileSystemsOf(
  {containerDefinitions, volumes = []}: TaskDefinitionDocument,
  {fileSystems}: SourcesWanted,
): RunMaterials['fileSystems'] {
  const mounted = new Set(containerDefinitions.flatMap(({mountPoints = []}) => mountPoints.map(({sourceVolume}) => sourceVolume)))
  for (const {efsVolumeConfiguration, name} of volumes) {
    const id = efsVolumeConfiguration?.fileSystemId
    if (id === undefined || !mounted.has(name) || fileSystems.some(({fileSystemId}) => fileSystemId === id)) continue
    throw new InvalidInputError(
      'UnsupportedFeatureException',
      `Volume ${quoted(name)} is the EFS file system ${quoted(id)}, which is not here; say which NFS export stands for it with --efs.`,
      {suggestions: [`berth task run FAMILY --efs ${id}=nfs://SERVER/PATH`]},
    )
  }
  return Object.fromEntries(fileSystems.map(({fileSystemId, path, server}) => [fileSystemId, {server, path}]))
}

async function byContainer<T>(
  containers: readonly ContainerDefinition[],
  find: (container: ContainerDefinition) => Promise<T>,
): Promise<Readonly<Record<string, T>>> {
  return Object.fromEntries(await Promise.all(containers.map(async (container) => [container.name, await find(container)] as const)))
}
