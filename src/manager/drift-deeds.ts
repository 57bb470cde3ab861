// What answers to drift do on hosts, for the table of `carry-out.ts`.
import type {RemoveContainers, TagImage, UpdateContainer} from '../model/drift-actions.js'
import type {Work} from './work.js'

/** After it the container is held to the limits; one that is gone meanwhile is `NoSuchContainer`. */
export async function updateContainer(work: Work, {instance, runtimeId, update}: UpdateContainer): Promise<void> {
  await (await work.open(instance)).update(runtimeId, update, work.world.signal)
}

/** After it the containers are gone: by their own ids, so that none that took a name meanwhile goes in their place. */
export async function removeContainers(work: Work, {containers, instance}: RemoveContainers): Promise<void> {
  const engine = await work.open(instance)
  for (const {runtimeId} of containers) await engine.remove(runtimeId, work.world.signal)
}

/** After it the reference names that image again. */
export async function tagImage(work: Work, {imageId, instance, reference}: TagImage): Promise<void> {
  await (await work.open(instance)).tagImage(imageId, reference, work.world.signal)
}
