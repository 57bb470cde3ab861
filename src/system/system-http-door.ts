// HTTP on this machine, by Node's own server.
import {createServer} from 'node:http'
import {ConflictError, InvalidInputError} from '../errors.js'
import {quoted} from '../model/names.js'
import type {Answered, Asked, HttpDoor} from '../world/http-door.js'

export class SystemHttpDoor implements HttpDoor {
  async serve(address: string, answer: (asked: Asked) => Promise<Answered>, signal: AbortSignal): Promise<string> {
    const {host, port} = parseDoor(address)
    const server = createServer((request, response) => {
      const [path = '/'] = (request.url ?? '/').split('?')
      answer({method: request.method ?? 'GET', path}).then(
        ({contentType, status, text}) => response.writeHead(status, {'content-type': contentType}).end(text),
        () => response.writeHead(500).end(),
      )
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => reject(taken(address, cause)))
      server.listen(port, host, resolve)
    })
    signal.addEventListener('abort', () => server.close().closeAllConnections(), {once: true})
    const bound = server.address()
    return typeof bound === 'object' && bound ? `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}` : address
  }
}

/** Throws `InvalidAddress`. */
function parseDoor(address: string): {readonly host: string; readonly port: number} {
  const [, host = '127.0.0.1', text = ''] = /^(?:(?:\[)?(.+?)(?:\])?:)?(\d{1,5})$/.exec(address) ?? []
  const port = text === '' ? -1 : Number(text)
  if (port >= 0 && port <= 65_535) return {host, port}
  throw new InvalidInputError('InvalidAddress', `${quoted(address)} is no address to listen at: give PORT or HOST:PORT.`, {
    suggestions: ['berth controller run --metrics 9464'],
  })
}

function taken(address: string, cause: Error): ConflictError {
  return new ConflictError('PortTaken', `Nothing can listen at ${quoted(address)}: ${cause.message}.`, {
    cause,
    suggestions: ['berth controller run --metrics 0'],
  })
}
