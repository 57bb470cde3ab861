// Kept connections as a person reads them.
import type {Instant} from '../model/time.js'
import type {OpenConnection} from '../world/connections.js'
import {ago} from './age.js'
import {table} from './table.js'
import type {View} from './view.js'

/** One row a connection. */
export function connectionsView(connections: readonly OpenConnection[], now: Instant): View {
  const rows = connections.map((one) => [one.host, one.alive ? 'open' : 'dead', String(one.pid), ago(one.since, now), one.socketPath])
  return {
    ids: connections.map(({host}) => host),
    text: rows.length === 0 ? 'No open connections.' : table(['HOST', 'STATUS', 'PID', 'SINCE', 'SOCKET'], rows),
  }
}

/** The hosts alone, one a line: what closing answers. */
export function connectionHostsView(connections: readonly OpenConnection[]): View {
  const hosts = connections.map(({host}) => host)
  return {ids: hosts, text: hosts.join('\n')}
}
