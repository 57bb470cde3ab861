// The deed of handing one task's healing over.
import {ENGINE_RESTARTS} from '../model/healing.js'
import type {HandHealing} from '../model/service-actions.js'
import type {Work} from './work.js'

/** After it the engine starts the task's container again whenever it ends, or never. */
export async function handHealing(work: Work, {containerNames, instance, to}: HandHealing): Promise<void> {
  const engine = await work.open(instance)
  for (const name of containerNames) await engine.update(name, {restartPolicy: to === 'engine' ? ENGINE_RESTARTS : 'no'}, work.world.signal)
}
