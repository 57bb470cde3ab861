// Where a person's machine keeps hosts: docker's contexts and the ssh configuration.
import {join} from 'node:path'
import {type HostAddress, parseHost, type TypedHost} from '../model/host-address.js'
import type {HostCatalog, PortableFiles, PortableSsh} from '../world/connections.js'
import {sshConfig} from './connection-tools.js'
import {currentEngine, dockerContexts} from './docker-contexts.js'
import type {Environment} from './paths.js'
import {portableSsh} from './portable-ssh.js'
import {sshHosts} from './ssh-hosts.js'

export class SystemHostCatalog implements HostCatalog {
  constructor(
    private readonly env: Environment,
    private readonly home: string,
  ) {}

  async resolve(host: TypedHost): Promise<HostAddress> {
    return host.kind === 'local' ? currentEngine(this.env, this.home) : host
  }

  portable(addresses: readonly HostAddress[], files: PortableFiles, signal: AbortSignal): Promise<PortableSsh> {
    const byName = addresses.filter((address) => address.kind === 'ssh')
    return portableSsh(byName, files, sshConfig(this.env), signal)
  }

  /** In order of the hosts. A host that is known twice is named by its docker context; what Berth cannot join is left out. */
  async known(): Promise<readonly {readonly host: string; readonly origin: string}[]> {
    const [contexts, names] = await Promise.all([
      dockerContexts(this.env, this.home),
      sshHosts(sshConfig(this.env) ?? join(this.home, '.ssh', 'config'), this.home),
    ])
    const all = [
      ...names.map((name) => ({host: `ssh://${name}`, origin: 'ssh configuration'})),
      ...contexts.map(({host, name}) => ({host, origin: `docker context ${name}`})),
    ]
    const byHost = new Map(all.filter(({host}) => isHost(host)).map((one) => [one.host, one]))
    return [...byHost.values()].sort((a, b) => (a.host < b.host ? -1 : 1))
  }
}

function isHost(text: string): boolean {
  try {
    return parseHost(text).kind !== 'local'
  } catch {
    // A named pipe of Windows, or a name that ssh takes and an address cannot hold.
    return false
  }
}
