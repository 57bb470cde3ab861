// The ways to the hosts: sockets and TCP as they are, ssh through one master a host, which outlives the command.
import {stat} from 'node:fs/promises'
import {UnreachableError} from '../errors.js'
import type {HostAddress} from '../model/host-address.js'
import type {Connections, Endpoint, OpenConnection, Reached, ReachTarget} from '../world/connections.js'
import type {ConnectionTools} from './connection-tools.js'
import {typedDocker} from '../model/typed-docker.js'
import {closeConnections, openConnections} from './open-connections.js'
import {reachDirectly, SshReach} from './reach.js'
import {keptConnection, openSsh} from './ssh-connection.js'

export class HostConnections implements Connections {
  readonly #reach: SshReach

  constructor(private readonly tools: ConnectionTools) {
    this.#reach = new SshReach(tools.runtimeFolder)
  }

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

  async reach(address: HostAddress, target: ReachTarget, signal: AbortSignal): Promise<Reached> {
    switch (address.kind) {
      case 'ssh':
        return this.#reach.reach(await keptConnection(this.tools, address, signal), target, signal)
      case 'tcp':
      case 'unix':
        return reachDirectly(target, signal)
    }
  }

  endReaching(): Promise<void> {
    return this.#reach.close()
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
