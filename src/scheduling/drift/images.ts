// Drift of images: the reference that a task runs now names another image on its host.
import type {Drift} from '../../model/drift.js'
import type {TaskContainer} from '../../model/task.js'
import type {HostAsked} from './asked.js'
import {can, drift} from './made.js'

const SHOWN_DIGITS = 12

/** One for each reference and each image that tasks run by it. A reference with a digest always means the same. */
export function imageDrift(asked: HostAsked): readonly Drift[] {
  const moved = new Map<string, Moved>()
  for (const {containers} of asked.tasks)
    for (const container of containers) {
      const one = movedOf(asked, container)
      const key = JSON.stringify([one?.reference, one?.imageId])
      if (one) moved.set(key, {...one, runs: one.runs + (moved.get(key)?.runs ?? 0)})
    }
  return [...moved.values()].map((one) => tagDrift(asked, one))
}

interface Moved {
  readonly reference: string
  /** The image that runs. */
  readonly imageId: string
  /** Containers of it. */
  readonly runs: number
}

function movedOf({host}: HostAsked, {containerName, image: reference, internal, lastStatus}: TaskContainer): Moved | undefined {
  const seen = host.containers.find(({name, owner}) => name === containerName && owner !== undefined)
  if (internal || lastStatus !== 'RUNNING' || !seen || seen.status === 'exited' || reference.includes('@')) return undefined
  return host.imageIds[reference] === seen.imageId ? undefined : {reference, imageId: seen.imageId, runs: 1}
}

function tagDrift({host, instance}: HostAsked, {imageId, reference, runs}: Moved): Drift {
  const now = host.imageIds[reference]
  return drift({
    kind: 'image',
    instance,
    subject: `image ${reference}`,
    wanted: `${shortId(imageId)}, as ${runs === 1 ? '1 container runs' : `${runs} containers run`} it`,
    found: now === undefined ? 'names no image' : `names ${shortId(now)}`,
    mark: `${imageId} ${now ?? ''}`,
    adopt: can('the tasks go on with the image that they have, new ones get the other; it is known from now on', {kind: 'know'}),
    revert: can(`${reference} names ${shortId(imageId)} on ${instance.name} again`, {kind: 'tag', imageId, reference}),
  })
}

function shortId(imageId: string): string {
  return imageId.replace(/^sha256:/, '').slice(0, SHOWN_DIGITS)
}
