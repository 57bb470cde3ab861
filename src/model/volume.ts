// Volumes as docker's `-v` writes them, as a task definition says them: a volume of the task, and where a container mounts it.
import {InvalidInputError} from '../errors.js'
import {isName, quoted} from './names.js'
import type {MountPoint} from './container-definition.js'
import type {Volume} from './task-definition.js'

export interface Volumes {
  /** Each once, in the order in which they are first mounted. */
  readonly volumes: readonly Volume[]
  readonly mountPoints: readonly MountPoint[]
}

const PATH = /^\/[^\p{C}:]{0,4000}$/u

/**
 * Reads `/host/path:/container/path[:ro|:rw]` and `name:/container/path[:ro|:rw]`. A host path, which is a path on the instance, becomes a volume named
 * `host-1`, `host-2`... in the order given. Throws `InvalidVolume`, also for a container path that is mounted twice.
 */
export function parseVolumes(texts: readonly string[]): Volumes {
  const mounts = texts.map(parseMount)
  const twice = mounts.find(({target}, index) => mounts.findIndex((other) => other.target === target) !== index)
  if (twice) throw invalid(`The volumes mount ${quoted(twice.target)} twice.`)
  const sources = [...new Set(mounts.map(({source}) => source))]
  const names = volumeNames(sources)
  const nameOf = (source: string) => names.get(source) ?? source
  return {
    volumes: sources.map((source) => (source.startsWith('/') ? {name: nameOf(source), host: {sourcePath: source}} : shared(source))),
    mountPoints: mounts.map(({readOnly, source, target}) => ({
      sourceVolume: nameOf(source),
      containerPath: target,
      ...(readOnly ? {readOnly} : {}),
    })),
  }
}

/** As docker's own: a named volume outlives the task, and is made where it is missing. */
function shared(name: string): Volume {
  return {name, dockerVolumeConfiguration: {scope: 'shared', autoprovision: true}}
}

interface Mount {
  /** A path on the instance, or the name of a volume. */
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
}

function parseMount(text: string): Mount {
  const [source = '', target = '', mode = 'rw', ...rest] = text.split(':')
  if (/^[.~]/.test(source))
    throw invalid(`${quoted(text)} begins with a relative path; the volume lies on the instance, so give a path from the root.`)
  // Docker's own rule for names of volumes is narrower at the first character.
  const sourceFits = source.startsWith('/') ? PATH.test(source) : isName(source) && /^[A-Za-z0-9]/.test(source)
  if (!sourceFits || !PATH.test(target) || /^\/+$/.test(target) || rest.length > 0 || (mode !== 'ro' && mode !== 'rw'))
    throw invalid(
      `${quoted(text)} is not a volume: give /host/path:/container/path or NAME:/container/path, with :ro to mount it read-only.`,
    )
  return {source, target, readOnly: mode === 'ro'}
}

/** Names for the host paths that no named volume bears. */
function volumeNames(sources: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  let number = 0
  for (const path of sources.filter((source) => source.startsWith('/'))) {
    do {
      number += 1
    } while (sources.includes(`host-${number}`))
    names.set(path, `host-${number}`)
  }
  return names
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError('InvalidVolume', message, {
    suggestions: ['berth task run --image IMAGE --volume /srv/data:/data', 'berth task run --image IMAGE --volume cache:/var/cache:ro'],
  })
}
