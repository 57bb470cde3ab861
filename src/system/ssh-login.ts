// One login to a host: a master in the background, and the engine's socket forwarded to one of ours. Who calls this holds the
// host's lock.
import {rm} from 'node:fs/promises'
import {hostText} from '../model/host-address.js'
import {timestamp} from '../model/time.js'
import type {Clock, Ids} from '../world/clock.js'
import {abandonLogin, beginLogin, earlierLogin, LOGIN_SECONDS, loginEnd, readLogin} from './begun-login.js'
import {type ConnectionFiles, DEFAULT_SOCKET, forgetKept, type KeptConnection, readKept, writeKept} from './kept-connection.js'
import {answerAt, isListening} from './sockets.js'
import {controlArguments, forwardArguments, masterArguments, type SshAddress} from './ssh-arguments.js'
import {loginFault, masterPidOf, silentHost} from './ssh-faults.js'
import {runSsh} from './ssh-program.js'
import {wayAround} from './way-around.js'

/** What talks to a master on this machine; it never waits for the host. */
const CONTROL_MS = 2000

/** A connection that was not made is tried again so often, unless this much time is gone. */
const RETRIES = 2
const RETRY_UNTIL_MS = 2000

export interface LoginOptions {
  readonly interactive: boolean
  /** The ssh configuration to read in place of the person's own. */
  readonly config?: string
  readonly persistSeconds: number
}

export interface LoginTools {
  readonly clock: Clock
  readonly ids: Ids
}

/**
 * Logs in and forwards, or finds another way to the engine where the host forbids that; the engine behind has answered, or at least
 * has not hung up. What stood there before is ended, but a login that an earlier command began is waited for and taken over.
 *
 * Throws `UnreachableError`; then no master is left. Throws the signal's reason when it fires: when that is a time that is up
 * (`AbortSignal.timeout`) the login goes on for the next command, else it is ended.
 */
export async function login(
  address: SshAddress,
  files: ConnectionFiles,
  options: LoginOptions,
  tools: LoginTools,
  signal: AbortSignal,
): Promise<KeptConnection> {
  signal.throwIfAborted()
  try {
    const control = await master(address, files, options, tools, signal)
    const kept = {...(await wayThrough(address, files, control, options, signal)), since: timestamp(tools.clock.now())}
    // Last of all: who waits for the login takes its record for the sign that it has succeeded.
    await writeKept(files, kept)
    await Promise.all([files.begun, files.said].map((path) => rm(path, {force: true})))
    return kept
  } catch (error) {
    if (!isTimeUp(signal)) await endKept(files)
    throw error
  }
}

/** Ends the master of this connection, if there is one, or the login to it, and removes their files. */
export async function endKept(files: ConnectionFiles): Promise<void> {
  await abandonLogin(files)
  const [kept, begun] = await Promise.all([readKept(files), readLogin(files)])
  const controls = new Set([kept, begun].flatMap((one) => (one === undefined ? [] : [one.control])))
  for (const control of controls) {
    if (await isListening(control)) await endMaster(control)
    await rm(control, {force: true})
  }
  await forgetKept(files, kept)
}

/** The control socket of a master that is logged in. */
async function master(
  address: SshAddress,
  files: ConnectionFiles,
  options: LoginOptions,
  tools: LoginTools,
  signal: AbortSignal,
): Promise<string> {
  const earlier = await earlierLogin(files, tools.clock)
  // What was begun without a person is no reason to ask none.
  if (earlier !== undefined) {
    const end = await loginEnd(files, earlier, tools.clock, signal)
    if (end.stands) return earlier.control
    const fault = loginFault(end.stderr, address, options.config)
    if (!options.interactive && !end.timedOut && !fault.passing) throw fault.error
  }
  await endKept(files)
  const control = files.control(tools.ids.next())
  const words = masterArguments(address, {...options, control})
  if (!options.interactive) await quietMaster(address, files, {...options, control, words}, tools.clock, signal)
  else {
    const run = await runSsh(words, {interactive: true}, signal)
    if (run.exitCode !== 0) throw loginFault(run.stderr, address, options.config).error
  }
  return control
}

/** Logs in without asking anybody. What passes by itself is tried again. */
async function quietMaster(
  address: SshAddress,
  files: ConnectionFiles,
  {config, control, words}: {readonly config?: string; readonly control: string; readonly words: readonly string[]},
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const begun = clock.now()
  for (let tried = 0; ; tried++) {
    const login = await beginLogin(files, {control, host: hostText(address), words}, clock)
    const end = await loginEnd(files, login, clock, signal)
    if (end.stands) return
    if (end.timedOut) throw silentHost(address, LOGIN_SECONDS, config)
    const fault = loginFault(end.stderr, address, config)
    if (!fault.passing || tried === RETRIES || clock.now() - begun > RETRY_UNTIL_MS) throw fault.error
    await clock.sleep(100 + Math.random() * 200 * (tried + 1), signal)
  }
}

/** What to keep of the connection through this master. A master that leads nowhere is ended. */
async function wayThrough(
  address: SshAddress,
  files: ConnectionFiles,
  control: string,
  options: LoginOptions,
  signal: AbortSignal,
): Promise<Omit<KeptConnection, 'since'>> {
  try {
    const remote = address.socketPath ?? DEFAULT_SOCKET
    const [pid] = await Promise.all([masterPid(address, control, signal), forward(address, control, {local: files.socket, remote}, signal)])
    const host = hostText(address)
    // An engine that hangs is not ours to judge: whoever speaks to it has a deadline of their own.
    const isClosed = (await answerAt(files.socket, CONTROL_MS)) === 'closed'
    const way = isClosed ? await wayAround(address, {control, host}, options.config, signal) : 'forward'
    return {control, host, pid, socketPath: files.socket, way}
  } catch (error) {
    // Only a login that left a record can be taken over.
    if (options.interactive || !isTimeUp(signal)) await endMaster(control)
    throw error
  }
}
async function masterPid(address: SshAddress, control: string, signal: AbortSignal): Promise<number> {
  const run = await runSsh(controlArguments(control, 'check'), {timeoutMs: CONTROL_MS}, signal)
  const pid = masterPidOf(run.stderr)
  if (pid === undefined) throw loginFault(run.stderr, address).error
  return pid
}

async function forward(
  address: SshAddress,
  control: string,
  sockets: {readonly local: string; readonly remote: string},
  signal: AbortSignal,
): Promise<void> {
  const run = await runSsh(forwardArguments(control, sockets.local, sockets.remote), {timeoutMs: CONTROL_MS}, signal)
  if (run.exitCode !== 0) throw loginFault(run.stderr, address).error
}

async function endMaster(control: string): Promise<void> {
  await runSsh(controlArguments(control, 'exit'), {timeoutMs: CONTROL_MS}, new AbortController().signal)
}

/** Did it fire because a deadline has passed, not because a person has had enough? */
function isTimeUp({reason}: AbortSignal): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}
