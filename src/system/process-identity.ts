// Who a process is, beyond its number, which the kernel gives out again: from /proc where there is one and from ps where not (macOS).
// Locks are held in such names.
import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import type {Client} from '../model/client.js'
import type {Clients} from '../world/clients.js'

/** The processes of this machine. Our own identity is looked up once. */
export class SystemProcesses implements Clients {
  private own: Client | undefined

  /** This very process. Throws the system's error where it cannot be told: nobody may go by half a name. */
  self(): Client {
    this.own ??= {pid: process.pid, bootId: bootId(), startedAt: startedAt(process.pid) ?? ''}
    return this.own
  }

  /** The process that bears this number now. One that has ended already is told as one that is not alive. */
  of(pid: number): Client {
    return {pid, bootId: this.self().bootId, startedAt: startedAt(pid) ?? ''}
  }

  /**
   * Does that very process still run on this machine? False for one of an earlier boot, and for another that now bears its number. Of one that cannot be
   * looked up, as when no file can be opened any more, nobody may say that it is dead.
   */
  isAlive(identity: Client): boolean {
    if (identity.bootId !== this.self().bootId) return false
    try {
      return startedAt(identity.pid) === identity.startedAt
    } catch {
      return true
    }
  }
}

function bootId(): string {
  return textOf('/proc/sys/kernel/random/boot_id')?.trim() ?? outputOf('sysctl', ['-n', 'kern.bootsessionuuid']) ?? ''
}

/** `undefined` when no such process runs: a zombie has ended and only waits to be counted. */
function startedAt(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  if (process.platform !== 'linux') return outputOf('ps', ['-o', 'lstart=', '-p', String(pid)])
  const stat = textOf(`/proc/${pid}/stat`)
  return stat === undefined ? undefined : startTimeOf(stat)
}

/**
 * The start time in clock ticks since boot, field 22 of /proc/PID/stat (proc(5)); `undefined` for a process that has ended.
 * Fields are counted from the last parenthesis, for a program's name may hold spaces and parentheses.
 */
export function startTimeOf(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    // No such process, or no /proc: the caller has another way.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

function outputOf(program: string, words: readonly string[]): string | undefined {
  try {
    const output = execFileSync(program, words, {
      encoding: 'utf8',
      env: {...process.env, LC_ALL: 'C'},
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
    return output === '' ? undefined : output
  } catch (error) {
    // ps exits with 1 when there is no such process.
    if ((error as {readonly status?: unknown}).status === 1) return undefined
    throw error
  }
}
