// Whether a controller that was started in a container has come to lead or to stand by.
import {DeadlineError, EngineError} from '../errors.js'
import {controllersIn} from '../model/controller.js'
import type {Instance} from '../model/instance.js'
import type {ControllerSpec} from '../world/container-spec.js'
import type {Engine} from '../world/engine.js'
import type {World} from '../world/world.js'

/** Until one that runs has read the state and stands among the controllers. */
const STARTED_WITHIN_MS = 30_000
const LOOK_EVERY_MS = 250
const LAST_LINES = 10

/** Who holds a lock of the controllers, and since when. */
interface Held {
  readonly by?: string
  readonly since?: string
}

/** Those that lead or stand by, as their locks say. */
export async function controllersOf({store}: World, cluster: string): Promise<readonly Held[]> {
  const {leader, standby} = controllersIn(await store.locks(), cluster)
  return leader ? [leader, ...standby] : standby
}

/** Returns when it stands among the controllers as one that was not there before. Throws `ControllerDidNotStart` with its last words. */
export async function untilThere(
  world: World,
  engine: Engine,
  {hostname, name, owner}: ControllerSpec,
  instance: Instance,
  before: readonly Held[],
): Promise<void> {
  const deadline = world.clock.now() + STARTED_WITHIN_MS
  const known = new Set(before.map(({by, since}) => `${by} ${since}`))
  let restarts: number | undefined
  for (;;) {
    const now = await controllersOf(world, owner.cluster)
    if (now.some(({by, since}) => by === `root@${hostname}` && !known.has(`${by} ${since}`))) return
    const seen = await engine.inspect(name, world.signal)
    // One that was started again long ago has not ended now.
    restarts ??= seen?.restartCount
    if (seen?.status !== 'running' || seen.restartCount !== restarts)
      throw new EngineError(
        'ControllerDidNotStart',
        `The controller ends at once. Its last words: ${await lastWords(world, engine, name)}`,
        {
          suggestions: [`berth controller uninstall --on ${instance.name}`],
        },
      )
    if (world.clock.now() > deadline)
      throw new DeadlineError(
        'ControllerDidNotStart',
        `The controller runs, and neither leads nor stands by after ${STARTED_WITHIN_MS / 1000} s. Its last words: ${await lastWords(world, engine, name)}`,
        {suggestions: ['berth controller status']},
      )
    await world.clock.sleep(LOOK_EVERY_MS, world.signal)
  }
}

async function lastWords(world: World, engine: Engine, name: string): Promise<string> {
  const lines: string[] = []
  const decoder = new TextDecoder()
  for await (const batch of engine.logs(name, {tail: LAST_LINES}, world.signal))
    for (const {bytes} of batch) lines.push(decoder.decode(bytes))
  return lines.join('').trim() || 'none'
}
