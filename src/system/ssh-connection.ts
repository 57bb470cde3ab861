// The way to one ssh host: the kept connection when there is one, else one login for all who ask.
import {UnreachableError} from '../errors.js'
import type {Instant} from '../model/time.js'
import {type ConnectionTools, persistSeconds, sshConfig} from './connection-tools.js'
import {hostLock} from './host-lock.js'
import {type ConnectionFiles, connectionFiles} from './kept-connection.js'
import {prepareRuntimeFolder} from './paths.js'
import {failureSince, forgetFailure, leaveFailure} from './shared-failure.js'
import {isListening} from './sockets.js'
import type {SshAddress} from './ssh-arguments.js'
import {login} from './ssh-login.js'

/**
 * The path of a local socket behind which this host's engine listens. That a kept connection's host still answers is not
 * checked: its master notices silence by itself and ends.
 */
export async function openSsh(tools: ConnectionTools, address: SshAddress, interactive: boolean, signal: AbortSignal): Promise<string> {
  await prepareRuntimeFolder(tools.runtimeFolder, tools.uid)
  const files = connectionFiles(tools.runtimeFolder, address, sshConfig(tools.env))
  if (await isListening(files.socket)) return files.socket
  const asked = tools.clock.now()
  const lock = await hostLock(tools, files, () => isListening(files.socket), signal)
  if (lock === undefined) return files.socket
  try {
    if (!(await isListening(files.socket))) await loginForAll(tools, address, files, {asked, interactive}, signal)
    return files.socket
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
): Promise<void> {
  const failure = request.interactive ? undefined : await failureSince(files, request.asked)
  if (failure !== undefined) throw failure
  const config = sshConfig(tools.env)
  const options = {interactive: request.interactive, persistSeconds: persistSeconds(tools.env), ...(config === undefined ? {} : {config})}
  try {
    await login(address, files, options, tools, signal)
    await forgetFailure(files)
  } catch (error) {
    if (error instanceof UnreachableError) await leaveFailure(files, error, tools.clock.now())
    throw error
  }
}
