// The world of somebody who has lost the state: the same hosts, and a client that knows nothing of them.
import {parseHost} from '../../../src/model/host-address.js'
import {emptyState} from '../../../src/model/state.js'
import type {World} from '../../../src/world/world.js'
import {MemoryStore} from '../../support/memory-store.js'
import type {FakeWorld} from './fake-world.js'

export function lostWorld(world: FakeWorld): FakeWorld {
  const resolve: World['hosts']['resolve'] = async (host) => {
    const address = typeof host === 'string' ? parseHost(host) : host
    if (address.kind === 'local') throw new Error('No local host is asked for here.')
    return address
  }
  return {...world, hosts: {...world.hosts, resolve}, store: new MemoryStore(emptyState('1'.repeat(32)))}
}
