// Rules on volumes: where they come from, and where containers mount them (API reference of Volume and MountPoint, read 2026-11-26).
import type {Volume} from '../../task-definition.js'
import {containersOf, type Draft, type DraftContainer, type DraftDocument, type Finding, items, repeated, volumeNames} from '../draft.js'
import type {Path} from '../fault.js'

const SOURCES = ['host', 'dockerVolumeConfiguration', 'efsVolumeConfiguration'] as const

export function* volumeRules(document: DraftDocument): Iterable<Finding> {
  for (const index of repeated((document.volumes ?? []).map((volume) => volume?.name)))
    yield {path: ['volumes', index, 'name'], rule: 'is the name of another volume of the task already'}
  for (const [index, volume] of items(document.volumes)) yield* sourceRules(volume, ['volumes', index])
  const names = volumeNames(document)
  for (const [container, path] of containersOf(document)) yield* mountRules(container, path, names)
}

function* sourceRules(volume: Draft<Volume>, path: Path): Iterable<Finding> {
  const sources = SOURCES.filter((source) => volume[source] !== undefined)
  if (sources.length > 1) yield {path, rule: `has more than one source: ${sources.join(', ')}; a volume has one`}
  const sourcePath = volume.host?.sourcePath
  if (sourcePath && !isAbsolute(sourcePath))
    yield {path: [...path, 'host', 'sourcePath'], rule: 'must be an absolute path on the instance, without a colon'}
  const {autoprovision, scope} = volume.dockerVolumeConfiguration ?? {}
  if (autoprovision !== undefined && scope !== 'shared')
    yield {
      path: [...path, 'dockerVolumeConfiguration', 'autoprovision'],
      rule: 'must be absent: only a volume of scope shared is provisioned by itself',
    }
  yield* efsRules(volume, [...path, 'efsVolumeConfiguration'])
}

function* efsRules({efsVolumeConfiguration}: Draft<Volume>, path: Path): Iterable<Finding> {
  if (!efsVolumeConfiguration) return
  const {authorizationConfig, rootDirectory, transitEncryption} = efsVolumeConfiguration
  const {accessPointId, iam} = authorizationConfig ?? {}
  if (accessPointId && rootDirectory && rootDirectory !== '/')
    yield {path: [...path, 'rootDirectory'], rule: 'must be absent or / beside an access point'}
  if ((accessPointId || iam === 'ENABLED') && transitEncryption !== 'ENABLED')
    yield {path: [...path, 'transitEncryption'], rule: 'must be ENABLED beside an access point or IAM authorization'}
}

function* mountRules({mountPoints}: DraftContainer, path: Path, names: readonly string[] | undefined): Iterable<Finding> {
  const at = [...path, 'mountPoints']
  for (const [index, {containerPath, sourceVolume}] of items(mountPoints)) {
    if (sourceVolume !== undefined && names && !names.includes(sourceVolume))
      yield {path: [...at, index, 'sourceVolume'], rule: 'names no volume of this task'}
    if (containerPath !== undefined && (!isAbsolute(containerPath) || /^\/+$/.test(containerPath)))
      yield {path: [...at, index, 'containerPath'], rule: 'must be an absolute path below /, without a colon'}
  }
  for (const index of repeated((mountPoints ?? []).map((mount) => mount?.containerPath)))
    yield {path: [...at, index, 'containerPath'], rule: 'has another volume mounted on it already'}
}

/** A path of Linux, or one of Windows with its drive. Docker's binds have no way to write another colon. */
function isAbsolute(path: string): boolean {
  return /^(\/|[A-Za-z]:[\\/]?)[^:]*$/.test(path)
}
