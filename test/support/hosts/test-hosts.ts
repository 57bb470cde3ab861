// What the test hosts are: data only, so that the same value can lie in a descriptor file and be read by another process.

/** A real engine with namespaces of its own. */
export interface TestHost {
  readonly name: string
  /** All of this host's files. */
  readonly folder: string
  /** The engine's socket, as this machine sees it: `docker -H unix://<socketPath>`. */
  readonly socketPath: string
  /** The process that keeps the host's namespaces. */
  readonly holderPid: number
  /** The cgroup, below each hierarchy, of all that the host runs. */
  readonly cgroup: string
  /** Has it a network of its own, or this machine's? */
  readonly network: 'own' | 'shared'
  /** Flags of its dockerd besides those every host has. */
  readonly engineFlags: readonly string[]
}

/** A host that is reached by SSH, as root. */
export interface SshTestHost extends TestHost {
  readonly address: string
  /** `ssh://root@ADDRESS`; `ssh://NAME` works too, by the ssh configuration. */
  readonly url: string
  /** This machine's end of the host's network cable. */
  readonly cable: string
}

/** One local engine and the SSH hosts of one run. */
export interface TestHosts {
  /** Six hexadecimal digits; in the name of all that the run makes on this machine. */
  readonly runId: string
  readonly folder: string
  /** The addresses that belong to this run, such as `10.40.16.0/20`. */
  readonly addresses: string
  /** The bridge that joins the hosts. */
  readonly bridge: string
  readonly local: TestHost
  readonly ssh: readonly SshTestHost[]
  readonly sshConfigFile: string
  readonly knownHostsFile: string
  /** What a berth that works on these hosts needs in its environment. */
  readonly environment: Readonly<Record<string, string>>
}

/** The local engine's host and the SSH hosts, in this order. */
export function allHosts(hosts: TestHosts): readonly TestHost[] {
  return [hosts.local, ...hosts.ssh]
}

/** The SSH host of this name; a test that asks for another one is wrong. */
export function sshHost(hosts: TestHosts, name: string): SshTestHost {
  const found = hosts.ssh.find((host) => host.name === name)
  if (!found) throw new Error(`There is no test host "${name}": ${hosts.ssh.map((host) => host.name).join(', ')}.`)
  return found
}
