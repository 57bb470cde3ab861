// A login that has begun. ssh goes about it in a session of its own, so that it outlives a command that cannot wait for it: a record
// beside the connection's files tells the next command, which takes over what became of it. Who calls this holds the host's lock.
//
// Nobody need watch over it: ssh ends by itself when the host's first words take longer than ConnectTimeout, or when a host that
// has begun says nothing for ServerAliveInterval times ServerAliveCountMax, which is 5 s and 15 s.
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {open, readFile, rm, writeFile} from 'node:fs/promises'
import type {Instant} from '../model/time.js'
import type {Clock} from '../world/clock.js'
import type {ConnectionFiles} from './kept-connection.js'
import type {Client} from '../model/client.js'
import {SystemProcesses} from './process-identity.js'
import {isListening} from './sockets.js'
import {sshMissing} from './ssh-faults.js'

/** Seconds of a login; no answering host takes longer to let somebody in. */
export const LOGIN_SECONDS = 20

const POLL_MS = 20

export interface BegunLogin {
  readonly at: Instant
  /** As a person would type it. */
  readonly host: string
  /** The control socket of the master that it is to become. */
  readonly control: string
  /** ssh until it is logged in; its master is another process of the same group. */
  readonly process: Client
}

/** `stands`: its master takes commands. Else `stderr` is all that ssh said. */
export type LoginEnd = {readonly stands: true} | {readonly stands: false; readonly stderr: string; readonly timedOut: boolean}

/** Runs ssh with these words, and leaves a record of it. Throws `UnreachableError` `SshMissing`, and the system's errors. */
export async function beginLogin(
  files: ConnectionFiles,
  request: Pick<BegunLogin, 'control' | 'host'> & {readonly words: readonly string[]},
  clock: Pick<Clock, 'now'>,
): Promise<BegunLogin> {
  const {control, host, words} = request
  const child = await started(files, words)
  const login: BegunLogin = {at: clock.now(), control, host, process: new SystemProcesses().of(child.pid ?? 0)}
  await writeFile(files.begun, `${JSON.stringify(login)}\n`, {mode: 0o600})
  return login
}

/** The login that an earlier command began, when it still goes on or its master stands; `undefined` when nothing can come of it any more. */
export async function earlierLogin(files: ConnectionFiles, clock: Pick<Clock, 'now'>): Promise<BegunLogin | undefined> {
  const login = await readLogin(files)
  if (login === undefined) return undefined
  if (await isListening(login.control)) return login
  return isGoingOn(login) && !isOverdue(login, clock) ? login : undefined
}

/** Waits for its end, and ends it when its time is up. Throws the signal's reason when it fires; then the login goes on. */
export async function loginEnd(files: ConnectionFiles, login: BegunLogin, clock: Clock, signal: AbortSignal): Promise<LoginEnd> {
  while (isGoingOn(login) && !isOverdue(login, clock)) await clock.sleep(POLL_MS, signal)
  const timedOut = isGoingOn(login)
  if (timedOut) endProcesses(login)
  else if (await isListening(login.control)) return {stands: true}
  return {stands: false, stderr: await readFile(files.said, 'utf8').catch(() => ''), timedOut}
}

/** After it no process of the login in these files goes on; a master that stands is left. */
export async function abandonLogin(files: ConnectionFiles): Promise<void> {
  const login = await readLogin(files)
  if (login !== undefined && isGoingOn(login)) endProcesses(login)
}

/** `undefined` when there is no record of a login, or none that can be read. */
export async function readLogin(files: ConnectionFiles): Promise<BegunLogin | undefined> {
  try {
    const {at, control, host, process} = JSON.parse(await readFile(files.begun, 'utf8')) as Partial<BegunLogin>
    const whole = at !== undefined && control !== undefined && host !== undefined && process !== undefined
    return whole ? {at, control, host, process} : undefined
  } catch {
    // Gone, or torn by a command that was killed: ssh ends by itself.
    return undefined
  }
}

async function started(files: ConnectionFiles, words: readonly string[]): Promise<ChildProcess> {
  // Another file than the last login's, who may still write to it.
  await rm(files.said, {force: true})
  const said = await open(files.said, 'wx', 0o600)
  try {
    const child = spawn('ssh', words, {detached: true, stdio: ['ignore', 'ignore', said.fd]})
    child.unref()
    await once(child, 'spawn')
    return child
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? sshMissing(error) : error
  } finally {
    await said.close()
  }
}

function isGoingOn(login: BegunLogin): boolean {
  return new SystemProcesses().isAlive(login.process)
}

function isOverdue(login: BegunLogin, clock: Pick<Clock, 'now'>): boolean {
  return clock.now() - login.at > LOGIN_SECONDS * 1000
}

/** ssh, and the proxy command through which it speaks. */
function endProcesses(login: BegunLogin): void {
  try {
    process.kill(-login.process.pid)
  } catch {
    // It has just ended.
  }
}
