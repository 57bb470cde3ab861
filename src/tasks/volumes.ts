// The volumes a container mounts: how the engine is told of them, and that they are there before it.
import {EngineError} from '../errors.js'
import type {ContainerDefinition} from '../model/container-definition.js'
import {quoted} from '../model/names.js'
import {placeOf} from '../model/task-volumes.js'
import type {Task, TaskId} from '../model/task.js'
import type {TaskDefinitionDocument, Volume} from '../model/task-definition.js'
import type {Engine, VolumeSpec} from '../world/engine.js'
import {documentOf, type TaskInContext} from './task-in-context.js'

/** Docker's binds: `source:target[:ro]`. */
export function bindsOf(container: ContainerDefinition, document: TaskDefinitionDocument, taskId: TaskId): readonly string[] {
  const volumes = new Map((document.volumes ?? []).map((volume) => [volume.name, volume]))
  return (container.mountPoints ?? []).map(({containerPath, readOnly, sourceVolume}) => {
    const place = placeOf(volumes.get(sourceVolume) ?? {name: sourceVolume}, taskId)
    return `${place.kind === 'folder' ? place.path : place.name}:${containerPath}${readOnly ? ':ro' : ''}`
  })
}

/**
 * After it every engine volume that the container mounts is there. A shared one that is there already is used as it is, whatever its options, as the ECS
 * agent does; `note` says where they differ. Throws `EngineError` `CannotCreateVolumeError`, also for a shared one that is neither there nor to be made.
 */
export async function ensureVolumes(
  engine: Engine,
  context: TaskInContext,
  container: ContainerDefinition,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const mounted = new Set((container.mountPoints ?? []).map(({sourceVolume}) => sourceVolume))
  for (const volume of documentOf(context).volumes ?? []) {
    if (!mounted.has(volume.name)) continue
    const place = placeOf(volume, context.task.id)
    if (place.kind === 'folder') continue
    const spec = specOf(context, volume, place.name, place.kind)
    if (place.kind === 'task') await engine.createVolume(spec, signal)
    else await ensureShared(engine, volume, spec, note, signal)
  }
}

/** After it none of the task's own volumes is left, where no container of another task holds it. */
export async function removeVolumes(engine: Engine, names: readonly string[], signal: AbortSignal): Promise<void> {
  for (const name of names) await engine.removeVolume(name, signal)
}

async function ensureShared(
  engine: Engine,
  volume: Volume,
  spec: VolumeSpec,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const there = await engine.volume(spec.name, signal)
  if (there && differs(volume, there)) note(`volume ${spec.name} is there with another driver or other options; it is used as it is`)
  if (there) return
  if (volume.dockerVolumeConfiguration?.autoprovision) return engine.createVolume(spec, signal)
  throw new EngineError(
    'CannotCreateVolumeError',
    `Volume ${quoted(spec.name)} is not on the host, and its definition does not let it be made (autoprovision).`,
    {suggestions: [`docker volume create ${spec.name}`]},
  )
}

/** What the definition says nothing of does not differ. */
function differs({dockerVolumeConfiguration}: Volume, there: VolumeSpec): boolean {
  const {driver, driverOpts} = dockerVolumeConfiguration ?? {}
  if (driver !== undefined && driver !== there.driver) return true
  const names = new Set([...Object.keys(driverOpts ?? {}), ...Object.keys(there.driverOptions)])
  return driverOpts !== undefined && [...names].some((name) => driverOpts[name] !== there.driverOptions[name])
}

function specOf({cluster, materials, task}: TaskInContext, volume: Volume, name: string, kind: 'task' | 'shared'): VolumeSpec {
  const {driver, driverOpts, labels} = volume.dockerVolumeConfiguration ?? {}
  const fileSystem = volume.efsVolumeConfiguration && materials?.fileSystems[volume.efsVolumeConfiguration.fileSystemId]
  return {
    name,
    driver: driver ?? 'local',
    driverOptions: fileSystem ? nfsOptions(fileSystem, volume.efsVolumeConfiguration?.rootDirectory) : (driverOpts ?? {}),
    labels: labels ?? {},
    ...(kind === 'task' ? {owner: ownerOf(task, cluster.name)} : {}),
  }
}

function ownerOf(task: Task, cluster: string) {
  return {cluster, clusterId: task.clusterId, instanceId: task.instanceId, taskId: task.id}
}

function nfsOptions(
  {path, server}: {readonly server: string; readonly path: string},
  rootDirectory = '/',
): Readonly<Record<string, string>> {
  const device = `${path.replace(/\/+$/, '')}/${rootDirectory.replace(/^\/+/, '')}`.replace(/(?<=.)\/+$/, '')
  // As AWS advises to mount EFS.
  return {type: 'nfs', o: `addr=${server},nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2`, device: `:${device}`}
}
