// The controller as a container on an instance, beside the tasks that it keeps. It is reached by nobody: it reaches the state and the hosts.
import {createHash} from 'node:crypto'
import {ecsArchitecture} from '../ecs/attributes.js'
import {ConflictError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import {controllerContainerName, controllerHostname} from '../model/controller-container.js'
import {isLoopback} from '../model/host-address.js'
import type {Instance} from '../model/instance.js'
import {instancesOf} from '../model/state.js'
import type {AssembledImage} from '../world/assembled-image.js'
import type {ControllerSpec} from '../world/container-spec.js'
import type {Engine} from '../world/engine.js'
import type {World} from '../world/world.js'
import {controllersOf, untilThere} from './controller-arrival.js'
import {CONTROLLER_FOLDER, type ControllerFiles, controllerFiles, type FilesWanted} from './controller-files.js'
import {quietly} from './quietly.js'
import {clusterNamed, findInstance} from './resolve.js'
import {staged} from './staged.js'

export interface ControllerContainerWanted extends FilesWanted {
  readonly cluster: string | undefined
  readonly instance: string
  /** `--metrics`, as it was typed. */
  readonly metrics?: string
  readonly logFormat: string
  readonly dryRun: boolean
}

/** The container, and what came of the wish. */
export interface ControllerContainer {
  readonly name: string
  readonly cluster: Cluster
  readonly instance: Instance
  readonly image: string
  readonly deed: 'create' | 'replace' | 'unchanged'
  /** What it is given of this machine. */
  readonly handed: readonly string[]
  /** Nothing was done. */
  readonly dryRun: boolean
}

/** As long as systemd waits for one that it runs. */
const STOP_SECONDS = 60

/**
 * After it the container runs on the instance, and leads or stands by. One that is there already and runs is left, when it was made with the very same words,
 * files and program; else it is replaced. Throws `StateNotShared`, `ArchitectureDiffers`, `ControllerDidNotStart` with its last words, `DeclinedError`, as
 * `controllerFiles`, and what engines throw.
 */
export async function installContainer(world: World, wanted: ControllerContainerWanted): Promise<ControllerContainer> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const instance = findInstance(state, cluster, wanted.instance)
  refuseUnshared(world, instance)
  const given = await controllerFiles(world, wanted, instance, instancesOf(state, cluster.id))
  const image = await staged(world.reporter, "the controller's image", () => world.ownImage.assemble(world.signal))
  const spec = await specOf(world, wanted, {cluster, instance, image, given})
  const engine = await world.engines.open(instance.address, {}, world.signal)
  refuseOther(instance, image)
  const found = await engine.inspect(spec.name, world.signal)
  if (found && found.controller?.clusterId !== cluster.id) throw nameTaken(spec.name, instance)
  const isSame = found?.controller?.fingerprint === spec.owner.fingerprint && found.status === 'running'
  const deed = isSame ? 'unchanged' : found ? 'replace' : 'create'
  const told = {name: spec.name, cluster, instance, image: image.reference, deed, handed: given.handed, dryRun: wanted.dryRun} as const
  // One that runs may be about to end for the tenth time.
  if (isSame && !wanted.dryRun) await untilThere(world, engine, spec, instance, [])
  if (isSame || wanted.dryRun) return told
  await world.person.allow(questionOf(told), '--yes')
  await staged(world.reporter, `controller on ${instance.name}`, async (stage) => {
    stage.progress('sends the image')
    await engine.loadAssembled(image, world.signal)
    const before = await controllersOf(world, cluster.name)
    stage.progress(found ? 'replaces the container' : 'makes the container')
    if (found) await removeContainer(engine, spec.name, world.signal)
    // Nothing of what an earlier one was given stays.
    await engine.removeVolume(spec.name, world.signal)
    await engine.createController(spec, world.signal)
    await engine.start(spec.name, world.signal)
    stage.progress('waits until it leads or stands by')
    await untilThere(world, engine, spec, instance, before)
    // Of an older program, or of one that was run from elsewhere: nobody would miss it.
    if (found && found.image !== image.reference) await quietly(() => engine.removeImage(found.image, world.signal))
  })
  return told
}

/** After it neither container nor volume nor image of it is on the instance; returns whether there was a container. */
export async function uninstallContainer(
  world: World,
  wanted: Pick<ControllerContainerWanted, 'cluster' | 'dryRun' | 'instance'>,
): Promise<Pick<ControllerContainer, 'cluster' | 'instance' | 'name'> & {readonly wasThere: boolean}> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const instance = findInstance(state, cluster, wanted.instance)
  const name = controllerContainerName(cluster)
  const engine = await world.engines.open(instance.address, {}, world.signal)
  const found = await engine.inspect(name, world.signal)
  const wasThere = found?.controller?.clusterId === cluster.id
  if (wanted.dryRun) return {cluster, instance, name, wasThere}
  if (wasThere)
    await staged(world.reporter, `controller on ${instance.name}`, async () => {
      await removeContainer(engine, name, world.signal)
      await engine.removeImage(found.image, world.signal)
    })
  // Of one who died before the container was gone.
  await engine.removeVolume(name, world.signal)
  return {cluster, instance, name, wasThere}
}

/** It ends by itself first, so that another leads at once. */
async function removeContainer(engine: Engine, name: string, signal: AbortSignal): Promise<void> {
  await engine.stop(name, STOP_SECONDS, signal)
  await engine.remove(name, signal)
}

interface Parts {
  readonly cluster: Cluster
  readonly instance: Instance
  readonly image: AssembledImage
  readonly given: ControllerFiles
}

async function specOf(world: World, wanted: ControllerContainerWanted, {cluster, given, image, instance}: Parts): Promise<ControllerSpec> {
  const environment = {
    ...given.environment,
    HOME: '/tmp',
    PATH: '/usr/bin:/bin',
    XDG_RUNTIME_DIR: '/run',
  }
  const spec = {
    name: controllerContainerName(cluster),
    image: image.reference,
    hostname: controllerHostname(instance.name),
    command: [
      ...['controller', 'run', '--cluster', cluster.name, '--state', world.store.location, '--log-format', wanted.logFormat],
      ...(wanted.metrics === undefined ? [] : ['--metrics', wanted.metrics]),
    ],
    environment: Object.entries(environment).map(([name, value]) => ({name, value})),
    folder: CONTROLLER_FOLDER,
    sockets: instance.address.kind === 'unix' ? [instance.address.path] : [],
    stopTimeoutSeconds: STOP_SECONDS,
  }
  const hash = createHash('sha256').update(JSON.stringify(spec))
  for (const {content, path} of given.files) {
    hash.update(`\n${path}\n`)
    for await (const bytes of content()) hash.update(bytes)
  }
  return {...spec, files: given.files, owner: {cluster: cluster.name, clusterId: cluster.id, fingerprint: hash.digest('hex')}}
}

/** Nobody can say that it did not know what goes where. */
function questionOf({deed, handed, image, instance, name}: ControllerContainer): string {
  return (
    `${deed === 'replace' ? 'Replace' : 'Run'} the controller as container ${name} (${image}) on instance ${instance.name}, and put ${handed.join(', ')} ` +
    `into its volume there, where whoever is root on that host can read them?`
  )
}

/** What is said of the state must mean the same there. */
function refuseUnshared({store}: World, {address, name}: Instance): void {
  const loopback = store.endpoints.find((endpoint) => isLoopback(endpoint.replace(/:\d+$/, '')))
  if (loopback !== undefined && address.kind !== 'unix')
    throw new ConflictError(
      'StateNotShared',
      `etcd at ${loopback} is reached from this machine alone: on "${name}" the same words mean another.`,
      {
        suggestions: [
          'berth controller install --systemd',
          'etcd --listen-client-urls http://ADDRESS:2379 --advertise-client-urls http://ADDRESS:2379',
        ],
      },
    )
  if (store.endpoints.length > 0) return
  throw new ConflictError(
    'StateNotShared',
    `The state lies in ${store.location}, where only this machine reads it: a controller on an instance needs one that is shared.`,
    {suggestions: ['berth state migrate --to etcd://HOST:2379/berth', 'berth controller install --systemd']},
  )
}

function refuseOther({builtInAttributes, name}: Instance, {architecture}: AssembledImage): void {
  const ours = ecsArchitecture(architecture)
  const other = builtInAttributes['ecs.cpu-architecture'] ?? ours
  if (other === ours) return
  throw new ConflictError(
    'ArchitectureDiffers',
    `Instance "${name}" runs programs for ${other}, and the image is made of those of this machine, which are for ${ours}.`,
    {suggestions: [`berth controller install --on ${name}     (from a machine with ${other})`, 'berth instance list']},
  )
}

function nameTaken(container: string, {name}: Instance): ConflictError {
  return new ConflictError('NameTaken', `On instance "${name}" a container that is not Berth's bears the name ${container}.`, {
    suggestions: [`ssh ${name} docker rename ${container} ANOTHER`],
  })
}
