// The image of one container on its host: there already, pulled, or the very one that its deployment is held to.
import {EngineError} from '../errors.js'
import type {ContainerDefinition} from '../model/container-definition.js'
import type {PinnedImage} from '../model/deployment.js'
import {quoted} from '../model/names.js'
import type {PullPolicy} from '../model/pull-policy.js'
import {PAUSE_IMAGE} from '../model/run-document.js'
import type {Task} from '../model/task.js'
import {type Instant, instant, timestamp} from '../model/time.js'
import type {Engine, ImageSeen, PullProgress} from '../world/engine.js'
import type {RegistryCredentials} from '../world/registry-credentials.js'

export interface ImageOptions {
  readonly now: () => Instant
  readonly credentials: RegistryCredentials
  /** Default: `missing`. The container that holds namespaces has an image of Berth's own, which no registry has. */
  readonly pull?: PullPolicy
  readonly onPull: (image: string, progress: PullProgress) => void
  readonly signal: AbortSignal
}

/** What the engine knows the image by, and what the record is told of it. */
export interface ReadyImage {
  readonly reference: string
  readonly report: (task: Task) => Task
}

const AS_IT_IS = (task: Task) => task

/**
 * After it the host has the image, as new as the pull policy wants it. Of a deployment that is held to one: that very image, by its tag where that still means it, else
 * by its id or digest; only where no registry knows it and the host has it not, whatever the tag means there.
 */
export async function ensureImage(
  engine: Engine,
  {image, name}: ContainerDefinition,
  pinned: PinnedImage | undefined,
  options: ImageOptions,
): Promise<ReadyImage> {
  if (image === PAUSE_IMAGE) {
    await engine.loadPauseImage(options.signal)
    return {reference: image, report: AS_IT_IS}
  }
  if (pinned) {
    const held = await heldImage(engine, image, pinned, options)
    if (held) return {reference: held.reference, report: told(name, held.seen, held.report)}
  }
  const seen = options.pull === 'always' ? undefined : await engine.image(image, options.signal)
  if (seen) return {reference: image, report: told(name, seen)}
  const report = await pull(engine, image, options)
  return {reference: image, report: told(name, await engine.image(image, options.signal), report)}
}

async function heldImage(engine: Engine, tag: string, {id, repoDigest}: PinnedImage, options: ImageOptions) {
  const tagged = await engine.image(tag, options.signal)
  if (tagged?.id === id) return {reference: tag, seen: tagged, report: AS_IT_IS}
  const known = await engine.image(id, options.signal)
  if (known) return {reference: id, seen: known, report: AS_IT_IS}
  if (repoDigest === undefined) return undefined
  const report = await pull(engine, repoDigest, options)
  return {reference: repoDigest, seen: await engine.image(repoDigest, options.signal), report}
}

async function pull(engine: Engine, reference: string, options: ImageOptions): Promise<(task: Task) => Task> {
  if (options.pull === 'never')
    throw new EngineError(
      'CannotPullContainerError',
      `Image ${quoted(reference)} is not on the host, and the pull policy "never" lets nothing be pulled.`,
    )
  const begin = options.now()
  const credential = await options.credentials.of(reference, options.signal)
  const onProgress = (progress: PullProgress) => options.onPull(reference, progress)
  await engine.pull(reference, {...(credential ? {credential} : {}), onProgress}, options.signal)
  return pulled(begin, options.now())
}

/** A task's pull lasts from the first to the last of its images. */
function pulled(begin: Instant, end: Instant): (task: Task) => Task {
  return (task) => ({
    ...task,
    pullStartedAt: timestamp(Math.min(begin, task.pullStartedAt === undefined ? begin : instant(task.pullStartedAt))),
    pullStoppedAt: timestamp(Math.max(end, task.pullStoppedAt === undefined ? end : instant(task.pullStoppedAt))),
  })
}

/** Only a registry's digest is told: the id is seen on the container itself. */
function told(name: string, seen: ImageSeen | undefined, before: (task: Task) => Task = AS_IT_IS): (task: Task) => Task {
  const [repoDigest] = seen?.repoDigests ?? []
  if (repoDigest === undefined) return before
  return (task) => {
    const reported = before(task)
    return {...reported, containers: reported.containers.map((one) => (one.name === name ? {...one, repoDigest} : one))}
  }
}
