// The process that keeps a host's namespaces: a private /run, /etc/docker and host name, and for SSH hosts a network of its own.
// With the last process of the host its namespaces, mounts and network go by themselves: nothing has a name on this machine.
import {spawn} from 'node:child_process'
import {existsSync, mkdirSync, openSync, closeSync} from 'node:fs'
import {join} from 'node:path'
import {processesFile} from './cgroups.js'
import {run, waitUntil} from './programs.js'
import type {TestHost} from './test-hosts.js'

/** What must be known before a host's namespaces exist. */
export type HostPlan = Pick<TestHost, 'name' | 'folder' | 'cgroup' | 'network'>

// 20.10 takes its engine id from /etc/docker/key.json: without a folder of its own every host would report the same id.
// A locked root account would be refused by sshd, so the host has a shadow file in which it is not locked.
const SET_UP = `set -e
mount --make-rprivate /
mount --bind "$FOLDER/run" /run
mount --bind "$FOLDER/etc-docker" /etc/docker
sed 's/^root:[^:]*:/root:*:/' /etc/shadow > "$FOLDER/shadow"
mount --bind "$FOLDER/shadow" /etc/shadow
hostname "$NAME"
: > "$FOLDER/ready"
exec sleep infinity`

/** Starts the holder; comes back with its process id once the namespaces are furnished. */
export async function startHolder(plan: HostPlan): Promise<number> {
  for (const part of ['run/sshd', 'etc-docker', 'data']) mkdirSync(join(plan.folder, part), {recursive: true})
  mkdirSync('/etc/docker', {recursive: true})
  const namespaces = plan.network === 'own' ? ['-m', '-u', '-n'] : ['-m', '-u']
  const pid = spawnDetached(plan, 'holder', [
    'env',
    `FOLDER=${plan.folder}`,
    `NAME=${plan.name}`,
    'unshare',
    ...namespaces,
    'sh',
    '-c',
    SET_UP,
  ])
  await waitUntil(`the namespaces of ${plan.name}`, () => existsSync(join(plan.folder, 'ready')))
  return pid
}

/** Starts a program inside the host that outlives this process; its output goes to `FOLDER/<log>.log`. Returns its process id. */
export function spawnInside(host: TestHost, log: string, command: readonly string[]): number {
  return spawnDetached(host, log, ['nsenter', ...entrance(host), ...command])
}

/** Runs a program inside the host to its end; returns its stdout. */
export function runInside(host: TestHost, command: readonly string[]): Promise<string> {
  return run('nsenter', [...entrance(host), ...command])
}

function entrance(host: TestHost): readonly string[] {
  const namespaces = host.network === 'own' ? ['-m', '-u', '-n'] : ['-m', '-u']
  return ['-t', String(host.holderPid), ...namespaces, '--']
}

/** Every program in the chain replaces the one before, so the id is that of the last. */
function spawnDetached(plan: HostPlan, log: string, command: readonly string[]): number {
  const output = openSync(join(plan.folder, `${log}.log`), 'a')
  const enter = ['-c', 'echo $$ > "$0" && exec "$@"', processesFile(plan.cgroup), ...command]
  const child = spawn('sh', enter, {cwd: '/', detached: true, stdio: ['ignore', output, output]})
  closeSync(output)
  child.unref()
  if (child.pid === undefined) throw new Error(`sh did not start for ${plan.name}.`)
  return child.pid
}
