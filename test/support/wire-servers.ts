// Servers that answer as an engine might: for what no engine at hand can be brought to do.
import {randomBytes} from 'node:crypto'
import {createServer, type RequestListener} from 'node:http'
import type {Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

export interface WireServer {
  readonly socketPath: string
  /** `GET /version`, in order of arrival. */
  readonly requests: readonly string[]
  stop(): Promise<void>
}

/** A server on a socket of its own that answers as `answer` does. */
export async function startWireServer(answer: RequestListener): Promise<WireServer> {
  const socketPath = join(tmpdir(), `berth-wire-${randomBytes(6).toString('hex')}.sock`)
  const requests: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => {
    server.listen(socketPath, resolve)
  })
  return {
    socketPath,
    requests,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** Answers `/version` as an engine of this API does, all else by `rest`. */
export function engineOf(apiVersion: string, rest: RequestListener): RequestListener {
  return (request, response) => {
    if (request.url === '/version') response.end(JSON.stringify({ApiVersion: apiVersion, MinAPIVersion: '1.12', Version: '20.10'}))
    else rest(request, response)
  }
}
