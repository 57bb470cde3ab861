// The way to one ssh host: the kept connection when there is one, else one login for all who ask.
import {UnreachableError} from '../errors.js'
import type {Instant} from '../model/time.js'
import type {Endpoint} from '../world/connections.js'
import {type ConnectionTools, persistSeconds, sshConfig} from './connection-tools.js'
import {dial} from './dial.js'
import {hostLock} from './host-lock.js'
import {type ConnectionFiles, connectionFiles, type KeptConnection, standingConnection} from './kept-connection.js'
import {prepareRuntimeFolder} from './paths.js'
import {failureSince, forgetFailure, leaveFailure} from './shared-failure.js'
import type {SshAddress} from './ssh-arguments.js'
import {login} from './ssh-login.js'
import {engineProgram} from './way-around.js'

/**
 * The endpoint of this host's engine. That a kept connection's host still answers is not checked: its master notices silence by
 * itself and ends.
 */
export async function openSsh(tools: ConnectionTools, address: SshAddress, interactive: boolean, signal: AbortSignal): Promise<Endpoint> {
  await prepareRuntimeFolder(tools.runtimeFolder, tools.uid)
  const files = connectionFiles(tools.runtimeFolder, address, sshConfig(tools.env))
  const kept = await connection(tools, address, files, interactive, signal)
  if (kept.way === 'forward') return {kind: 'socket', path: kept.socketPath}
  const program = engineProgram(kept.way, address)
  const onWait = once(() => tools.note(`${kept.host} forbids to forward sockets, so little can go on there at once: waiting for a turn`))
  return {kind: 'dial', dial: (use) => dial(tools, kept, files, {onWait, program, use})}
}

/** The one kept connection to this host, logged in where there is none. */
export async function keptConnection(tools: ConnectionTools, address: SshAddress, signal: AbortSignal): Promise<KeptConnection> {
  await prepareRuntimeFolder(tools.runtimeFolder, tools.uid)
  return connection(tools, address, connectionFiles(tools.runtimeFolder, address, sshConfig(tools.env)), false, signal)
}

/** The connection that stands, or a new one: one login for all who ask at once. */
async function connection(
  tools: ConnectionTools,
  address: SshAddress,
  files: ConnectionFiles,
  interactive: boolean,
  signal: AbortSignal,
): Promise<KeptConnection> {
  const standing = await standingConnection(files)
  if (standing !== undefined) return standing
  const asked = tools.clock.now()
  const lock = await hostLock(tools, files, async () => (await standingConnection(files)) !== undefined, signal)
  // Somebody else has logged in meanwhile.
  if (lock === undefined) return connection(tools, address, files, interactive, signal)
  try {
    return (await standingConnection(files)) ?? (await loginForAll(tools, address, files, {asked, interactive}, signal))
  } finally {
    lock.release()
  }
}

/** Logs in, unless a login that ended after we asked has failed: its failure is ours too. A person who can be asked makes a difference, though. */
async function loginForAll(
  tools: ConnectionTools,
  address: SshAddress,
  files: ConnectionFiles,
  request: {readonly asked: Instant; readonly interactive: boolean},
  signal: AbortSignal,
): Promise<KeptConnection> {
  const failure = request.interactive ? undefined : await failureSince(files, request.asked)
  if (failure !== undefined) throw failure
  const config = sshConfig(tools.env)
  const options = {interactive: request.interactive, persistSeconds: persistSeconds(tools.env), ...(config === undefined ? {} : {config})}
  try {
    const kept = await login(address, files, options, tools, signal)
    await forgetFailure(files)
    if (kept.way === 'sudo-docker') tools.note(`${kept.host} lets only root use its engine: it is reached by "sudo -n docker" there`)
    return kept
  } catch (error) {
    if (error instanceof UnreachableError) await leaveFailure(files, error, tools.clock.now())
    throw error
  }
}

/** Many may wait; a person is told once. */
function once(deed: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) deed()
    isDone = true
  }
}
