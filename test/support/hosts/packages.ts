// The programs that the test hosts need, and the Debian packages they come from.
import {existsSync} from 'node:fs'
import {runAloud} from './programs.js'

const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'busybox-static': ['busybox'],
  'docker.io': ['docker', 'dockerd'],
  'docker-registry': ['docker-registry'],
  'etcd-client': ['etcdctl'],
  'etcd-server': ['etcd'],
  iproute2: ['ip', 'tc'],
  iptables: ['iptables'],
  'openssh-client': ['ssh', 'ssh-keygen'],
  'openssh-server': ['sshd'],
  strace: ['strace'],
  tmux: ['tmux'],
  'util-linux': ['nsenter', 'unshare'],
}

/** What one local engine needs. */
export const ENGINE_PACKAGES: readonly string[] = ['busybox-static', 'docker.io', 'iproute2', 'iptables', 'util-linux']

/** What the test hosts and the tests need. */
export const TEST_PACKAGES: readonly string[] = Object.keys(PACKAGES)

/**
 * Every program of these Debian packages is there afterwards: what is missing is installed, as root and where there is apt.
 * Rejects with the names of what is missing otherwise.
 */
export async function ensurePackages(packages: readonly string[]): Promise<void> {
  const missing = packages.filter((name) => !isThere(name))
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !hasProgram('apt-get')) {
    throw new Error(
      `The Debian packages ${missing.join(', ')} are missing, and only root with apt can install them. Run: apt-get install ${missing.join(' ')}`,
    )
  }
  const environment = {...process.env, DEBIAN_FRONTEND: 'noninteractive'}
  await runAloud('apt-get', ['update', '-q'], environment)
  await runAloud('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...missing], environment)
  const still = packages.filter((name) => !isThere(name))
  if (still.length > 0) throw new Error(`apt-get installed ${still.join(', ')}, but their programs are still missing.`)
}

/** Is the program in one of the folders where Debian puts programs? (A person's PATH may lack the sbin folders.) */
export function hasProgram(program: string): boolean {
  return ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/bin'].some((folder) => existsSync(`${folder}/${program}`))
}

function isThere(name: string): boolean {
  return (PACKAGES[name] ?? []).every(hasProgram)
}
