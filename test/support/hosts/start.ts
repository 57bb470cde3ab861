// From nothing to one local engine and a few SSH hosts, all real, on this machine.
import {randomBytes} from 'node:crypto'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {cgroupOfRun, makeCgroup} from './cgroups.js'
import {descriptorOf, writeDescriptor} from './descriptor.js'
import {startEngine} from './engine.js'
import {startHolder} from './holder.js'
import {loadBaseImage} from './images.js'
import {cableName, makeNetwork, plugIn, type RunNetwork} from './network.js'
import {ENGINE_PACKAGES, ensurePackages, TEST_PACKAGES} from './packages.js'
import {newRun, recordRun, sweep} from './runs.js'
import {furnishSshd, knownHostLines, makeKey, startSshd} from './sshd.js'
import {stopRun} from './stop.js'
import {allHosts, type SshTestHost, type TestHost, type TestHosts} from './test-hosts.js'

/** What one may wish for when starting hosts. */
export interface StartOptions {
  /** Names of the SSH hosts, in the order of their addresses; without any there is the local engine alone. */
  readonly names?: readonly string[]
  /** They outlive this process, until `npm run hosts down`. Otherwise the next run takes them down when this process is gone. */
  readonly stay?: boolean
}

/** The SSH hosts that tests find when nothing else is said. */
export const SSH_HOST_NAMES: readonly string[] = ['web1', 'web2', 'db1']

/**
 * Starts the hosts; comes back when every engine and every sshd answers and the base image is on each.
 * When a part of it does not start, all that was started is taken down again. Missing Debian packages are installed first.
 */
export async function startHosts(options: StartOptions = {}): Promise<TestHosts> {
  if (process.getuid?.() !== 0) throw new Error('The test hosts need root: they are network namespaces with engines of their own.')
  const names = options.names ?? SSH_HOST_NAMES
  await ensurePackages(names.length === 0 ? ENGINE_PACKAGES : TEST_PACKAGES)
  await sweep()
  let run = newRun(randomBytes(3).toString('hex'), options.stay ?? false)
  mkdirSync(run.folder, {mode: 0o700})
  recordRun(run)
  try {
    const network = await makeNetwork(run.runId)
    run = {...run, addresses: network.addresses}
    recordRun(run)
    const hosts = await furnish(run.runId, run.folder, network, names)
    await Promise.all([...allHosts(hosts).map(startEngine), ...hosts.ssh.map((host) => startSshd(host))])
    await loadBaseImage(run.folder, allHosts(hosts))
    writeDescriptor(descriptorOf(hosts), hosts)
    return hosts
  } catch (error) {
    await stopRun(run)
    throw error
  }
}

/** Namespaces, cables, keys and configuration of every host; no engine and no sshd runs yet. */
async function furnish(runId: string, folder: string, network: RunNetwork, names: readonly string[]): Promise<TestHosts> {
  const key = join(folder, 'id_ed25519')
  if (names.length > 0) await makeKey(key, 'berth tests')
  const local = await furnishLocal(runId, folder, network)
  const ssh = await Promise.all(names.map((name, index) => furnishSshHost(runId, folder, network, name, index)))
  const knownHostsFile = join(folder, 'known_hosts')
  writeFileSync(knownHostsFile, ssh.map((host) => knownHostLines(host.folder, host.name, host.address)).join(''))
  const sshConfigFile = join(folder, 'ssh_config')
  writeFileSync(sshConfigFile, sshConfiguration(ssh, key, knownHostsFile))
  return {
    runId,
    folder,
    addresses: network.addresses,
    bridge: network.bridge,
    local,
    ssh,
    sshConfigFile,
    knownHostsFile,
    environment: {BERTH_SSH_CONFIG: sshConfigFile, DOCKER_HOST: `unix://${local.socketPath}`},
  }
}

/**
 * The local engine shares this machine's network, as a person's own engine does, and changes nothing of it: no filter rules and
 * no forwarding. Ports are published by docker's proxy alone.
 */
async function furnishLocal(runId: string, folder: string, network: RunNetwork): Promise<TestHost> {
  const pool = `base=${network.containerPool},size=26`
  const quiet = ['--iptables=false', '--ip6tables=false', '--ip-masq=false', '--ip-forward=false']
  const engineFlags = [
    '--bridge',
    network.containerBridge,
    '--default-address-pool',
    pool,
    ...quiet,
    '--insecure-registry',
    network.addresses,
  ]
  return furnishHost(runId, folder, 'local', 'shared', engineFlags)
}

async function furnishSshHost(runId: string, folder: string, network: RunNetwork, name: string, index: number): Promise<SshTestHost> {
  const host = await furnishHost(runId, folder, name, 'own', ['--insecure-registry', network.addresses])
  const address = network.gateway.replace(/\.1$/, `.${11 + index}`)
  const cable = cableName(runId, index)
  await plugIn(network, cable, host.holderPid, address)
  await furnishSshd(host.folder, name, join(folder, 'id_ed25519.pub'))
  return {...host, address, cable, url: `ssh://root@${address}`}
}

async function furnishHost(
  runId: string,
  folder: string,
  name: string,
  network: TestHost['network'],
  engineFlags: readonly string[],
): Promise<TestHost> {
  const plan = {name, network, folder: join(folder, name), cgroup: `${cgroupOfRun(runId)}/${name}`}
  makeCgroup(plan.cgroup)
  const holderPid = await startHolder(plan)
  return {...plan, holderPid, engineFlags, socketPath: join(plan.folder, 'run', 'docker.sock')}
}

/** Knows the hosts by name and by address, and nothing of the person's own keys, agents and known hosts. */
function sshConfiguration(hosts: readonly SshTestHost[], key: string, knownHostsFile: string): string {
  const aliases = hosts.map((host) => `Host ${host.name}\n  HostName ${host.address}\n`)
  const everyone = `Host *
  User root
  IdentityFile ${key}
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile ${knownHostsFile}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
`
  return [...aliases, everyone].join('\n')
}
