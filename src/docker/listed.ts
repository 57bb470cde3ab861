// The containers of an engine, as it lists them.
import type {ContainerListed} from '../world/engine.js'
import {type Deed, notAnEngine} from './faults.js'
import {containerListed, isListed} from './seen.js'
import type {Wire} from './wire.js'

/** All of them, stopped ones too. Throws `UnreachableError` where what answers is no engine. */
export async function listed(wire: Wire, signal: AbortSignal): Promise<readonly ContainerListed[]> {
  const deed: Deed = {kind: 'engine', what: 'list containers'}
  const {json} = await wire.ask({method: 'GET', path: '/containers/json', query: {all: true}, deed, signal})
  if (!Array.isArray(json) || !json.every(isListed)) throw notAnEngine(wire.host, new Error('What should list containers lists none.'))
  return json.map(containerListed)
}
