// A page of figures over HTTP, on a port of this machine.
import {createServer} from 'node:http'
import type {Duplex} from 'node:stream'
import {ConflictError, InvalidInputError, KnownError} from '../errors.js'
import {quoted} from '../model/names.js'
import type {LocalPort} from '../world/local-ports.js'
import type {World} from '../world/world.js'

export interface MetricsAddress {
  readonly host: string
  readonly port: number
}

/** `9100` on loopback, `0.0.0.0:9100`, `[::]:9100`. Throws `InvalidAddress`. */
export function parseMetricsAddress(text: string): MetricsAddress {
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):)?(\d{1,5})$/.exec(text)
  const port = Number(match?.[3] ?? Number.NaN)
  if (match && port <= 65_535) return {host: match[1] ?? match[2] ?? '127.0.0.1', port}
  throw new InvalidInputError('InvalidAddress', `${quoted(text)} is no port, and no HOST:PORT.`, {
    suggestions: ['berth controller run --metrics 9100', 'berth controller run --metrics 0.0.0.0:9100'],
  })
}

/** Answers GET /metrics with the text of that moment until it is closed. Throws `PortTaken`, `AddressNotAvailable`. */
export async function serveMetrics({localPorts}: World, {host, port}: MetricsAddress, text: () => Promise<string>): Promise<LocalPort> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404, {'content-type': 'text/plain'}).end('Figures are at /metrics.\n')
      return
    }
    text().then(
      (page) => response.writeHead(200, {'content-type': 'text/plain; version=0.0.4; charset=utf-8'}).end(page),
      (error: unknown) =>
        response.writeHead(503, {'content-type': 'text/plain'}).end(`${error instanceof KnownError ? error.message : 'No figures.'}\n`),
    )
  })
  try {
    return await localPorts.listen(host, port, (connection) => server.emit('connection', connection as Duplex))
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    throw new ConflictError(error.code, error.message, {
      cause: error,
      suggestions: ['berth controller run --metrics 9101', `ss -ltnp sport = :${port}`],
    })
  }
}
