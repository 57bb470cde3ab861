// What goes wrong on real hosts, made on purpose, and mended. Faults of the engine itself stand in engine.ts, of keys in sshd.ts.
import {readFileSync} from 'node:fs'
import {processesIn} from './cgroups.js'
import {dockerdPid, freeze, startEngine, thawEngine} from './engine.js'
import {runInside} from './holder.js'
import {run} from './programs.js'
import {acceptKey, hasFirstHostKey, restartSshd, restoreHostKey, sshdPid} from './sshd.js'
import type {SshTestHost, TestHost} from './test-hosts.js'

/** The host is gone without a word, as with its cable pulled, until `heal`. */
export async function cutOff(host: SshTestHost): Promise<void> {
  await run('ip', ['link', 'set', host.cable, 'down'])
}

/** The cable is plugged in again; what stands of TCP goes on after its next retry. */
export async function heal(host: SshTestHost): Promise<void> {
  await run('ip', ['link', 'set', host.cable, 'up'])
}

/** Every packet to the host's port 22 is answered with a reset, also of connections that stand, until `allowSsh`. */
export async function refuseSsh(host: SshTestHost): Promise<void> {
  await runInside(host, ['iptables', '-w', '-A', 'INPUT', '-p', 'tcp', '--dport', '22', '-j', 'REJECT', '--reject-with', 'tcp-reset'])
}

/** The host's port 22 is open again. */
export async function allowSsh(host: SshTestHost): Promise<void> {
  await runInside(host, ['iptables', '-w', '-F', 'INPUT'])
}

/** sshd and all its connections take bytes and never answer, until `thawSshd`. */
export function freezeSshd(host: SshTestHost): void {
  for (const pid of sshdProcesses(host)) freeze(pid)
}

/** sshd and its connections go on where they were frozen. */
export function thawSshd(host: SshTestHost): void {
  for (const pid of sshdProcesses(host)) process.kill(pid, 'SIGCONT')
}

/** The host is as it was when new, but for containers, images and volumes. Faults that were never made are no matter. */
export async function mend(host: SshTestHost): Promise<void> {
  thawSshd(host)
  await heal(host)
  await allowSsh(host)
  acceptKey(host)
  if (!hasFirstHostKey(host)) await restoreHostKey(host)
  else if (sshdPid(host) === undefined) await restartSshd(host)
  await mendEngine(host)
}

/** The host's engine runs. */
export async function mendEngine(host: TestHost): Promise<void> {
  if (dockerdPid(host) === undefined) await startEngine(host)
  else thawEngine(host)
}

function sshdProcesses(host: SshTestHost): readonly number[] {
  return processesIn(host.cgroup).filter((pid) => nameOf(pid) === 'sshd')
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    // It ended between the two looks.
    return ''
  }
}
