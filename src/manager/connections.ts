// Use cases of the connections that are kept between commands.
import {NotFoundError} from '../errors.js'
import {quoted} from '../model/names.js'
import type {OpenConnection} from '../world/connections.js'
import type {World} from '../world/world.js'

/** The kept connections, by host. */
export function listConnections(world: World): Promise<readonly OpenConnection[]> {
  return world.connections.list()
}

/** Ends the connection to this host, or all; returns those that were ended. Throws `ConnectionNotFound`. */
export async function closeConnections(world: World, host: string | undefined): Promise<readonly OpenConnection[]> {
  const closed = await world.connections.close(host)
  if (host === undefined || closed.length > 0) return closed
  throw new NotFoundError('ConnectionNotFound', `There is no open connection to ${quoted(host)}.`, {suggestions: ['berth connection list']})
}
