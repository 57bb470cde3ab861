// The ways to the hosts: sockets and TCP as they are, ssh through one master a host, which outlives the command.
import {stat} from 'node:fs/promises'
import {UnreachableError} from '../errors.js'
import type {HostAddress} from '../model/host-address.js'
import type {Connections, Endpoint, OpenConnection} from '../world/connections.js'
import type {ConnectionTools} from './connection-tools.js'
import {typedDocker} from '../model/typed-docker.js'
import {closeConnections, openConnections} from './open-connections.js'
import {openSsh} from './ssh-connection.js'

export class HostConnections implements Connections {
  constructor(private readonly tools: ConnectionTools) {}

  async open(address: HostAddress, options: {readonly interactive?: boolean}, signal: AbortSignal): Promise<Endpoint> {
    signal.throwIfAborted()
    switch (address.kind) {
      case 'unix':
        await expectSocket(address.path)
        return {kind: 'socket', path: address.path}
      case 'tcp':
        return {kind: 'tcp', host: address.host.replace(/^\[(.*)\]$/, '$1'), port: address.port, ...(address.tls ? {tls: address.tls} : {})}
      case 'ssh':
        return openSsh(this.tools, address, options.interactive ?? false, signal)
    }
  }

  list(): Promise<readonly OpenConnection[]> {
    return openConnections(this.tools)
  }

  close(host?: string): Promise<readonly OpenConnection[]> {
    return closeConnections(this.tools, host)
  }
}

/** Throws `EngineNotRunning` when nothing, or no socket, lies there, `EngineForbidden` when that cannot be seen. */
async function expectSocket(path: string): Promise<void> {
  const suggestions = [typedDocker({kind: 'unix', path}, 'version'), 'sudo systemctl start docker']
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EACCES')
      throw new UnreachableError('EngineForbidden', `You may not look at the engine's socket "${path}".`, {
        cause,
        suggestions: ['sudo usermod -aG docker $USER'],
      })
    throw new UnreachableError('EngineNotRunning', `No engine listens at "${path}" on this machine.`, {cause, suggestions})
  })
  if (!found.isSocket()) throw new UnreachableError('EngineNotRunning', `"${path}" on this machine is not a socket.`, {suggestions})
}
