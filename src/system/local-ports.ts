// Listening on ports of this machine.
import {once} from 'node:events'
import {type AddressInfo, createServer, type Socket} from 'node:net'
import {ConflictError, InvalidInputError} from '../errors.js'
import {quoted} from '../model/names.js'
import type {LocalPort, LocalPorts} from '../world/local-ports.js'

export class SystemPorts implements LocalPorts {
  async listen(address: string, port: number, onConnection: (connection: NodeJS.ReadWriteStream) => void): Promise<LocalPort> {
    const open = new Set<Socket>()
    const server = createServer({noDelay: true}, (socket) => {
      open.add(socket)
      socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy())
      onConnection(socket)
    })
    server.listen(port, address)
    try {
      await once(server, 'listening')
    } catch (error) {
      throw refusal(error, address, port)
    }
    const bound = server.address() as AddressInfo
    return {
      address: bound.address,
      port: bound.port,
      close: () => {
        server.close()
        for (const socket of open) socket.destroy()
      },
    }
  }
}

function refusal(cause: unknown, address: string, port: number): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'EADDRINUSE')
    return new ConflictError('PortTaken', `Port ${port} of ${address} is taken on this machine.`, {
      cause,
      suggestions: ['berth task port-forward TASK :80', `ss -ltnp sport = :${port}`],
    })
  if (code === 'EACCES') return new ConflictError('PortForbidden', `Port ${port} of ${address} may not be used by you.`, {cause})
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new InvalidInputError('AddressNotAvailable', `${quoted(address)} is no address of this machine.`, {
      cause,
      suggestions: ['berth task port-forward TASK 8080:80 --address 127.0.0.1'],
    })
  return cause
}
