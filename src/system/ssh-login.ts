// One login to a host: a master in the background, and the engine's socket forwarded to one of ours. Who calls this holds the
// host's lock.
import {hostText} from '../model/host-address.js'
import {timestamp} from '../model/time.js'
import type {Clock, Ids} from '../world/clock.js'
import {type ConnectionFiles, DEFAULT_SOCKET, forgetKept, type KeptConnection, readKept, writeKept} from './kept-connection.js'
import {answerAt, isListening} from './sockets.js'
import {controlArguments, forwardArguments, masterArguments, type SshAddress} from './ssh-arguments.js'
import {loginFault, masterPidOf, silentHost} from './ssh-faults.js'
import {runSsh} from './ssh-program.js'
import {wayAround} from './way-around.js'

/** No answering host takes longer to let somebody in. */
export const LOGIN_SECONDS = 20

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
 * Logs in and forwards, or finds another way to the engine where the host forbids that; the engine behind has answered, or at least has not hung up. What stood there before is ended.
 * Throws `UnreachableError`; then no master is left.
 */
export async function login(
  address: SshAddress,
  files: ConnectionFiles,
  options: LoginOptions,
  tools: LoginTools,
  signal: AbortSignal,
): Promise<KeptConnection> {
  await endKept(files)
  const control = files.control(tools.ids.next())
  await startMaster(address, control, options, tools.clock, signal)
  try {
    const remote = address.socketPath ?? DEFAULT_SOCKET
    const [pid] = await Promise.all([masterPid(address, control, signal), forward(address, control, {local: files.socket, remote}, signal)])
    const host = hostText(address)
    // An engine that hangs is not ours to judge: whoever speaks to it has a deadline of their own.
    const isClosed = (await answerAt(files.socket, CONTROL_MS)) === 'closed'
    const way = isClosed ? await wayAround(address, {control, host}, options.config, signal) : 'forward'
    const kept: KeptConnection = {control, host, pid, since: timestamp(tools.clock.now()), socketPath: files.socket, way}
    // Last of all: who waits for the login takes its record for the sign that it has succeeded.
    await writeKept(files, kept)
    return kept
  } catch (error) {
    await endMaster(control)
    await forgetKept(files, undefined)
    throw error
  }
}

/** Ends the master of this connection, if there is one, and removes its files. */
export async function endKept(files: ConnectionFiles): Promise<void> {
  const kept = await readKept(files)
  if (kept !== undefined && (await isListening(kept.control))) await endMaster(kept.control)
  await forgetKept(files, kept)
}

async function startMaster(address: SshAddress, control: string, options: LoginOptions, clock: Clock, signal: AbortSignal): Promise<void> {
  const words = masterArguments(address, {...options, control})
  const limits = options.interactive ? {interactive: true} : {timeoutMs: LOGIN_SECONDS * 1000}
  const begun = clock.now()
  for (let tried = 0; ; tried++) {
    const run = await runSsh(words, limits, signal)
    if (run.exitCode === 0) return
    if (run.timedOut) throw silentHost(address, LOGIN_SECONDS, options.config)
    const fault = loginFault(run.stderr, address, options.config)
    if (!fault.passing || tried === RETRIES || clock.now() - begun > RETRY_UNTIL_MS) throw fault.error
    await clock.sleep(100 + Math.random() * 200 * (tried + 1), signal)
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
