// The way to an engine whose forwarded socket closes without a word. sshd answers alike for a socket that is not there, one the user
// may not open, and a forwarding it forbids ("connect failed: open failed"), so the far shell is asked what stands at the path, and
// the docker client of the host, where there is one, is asked to pass bytes on (`docker system dial-stdio`, docker/cli 18.09 and later).
import {UnreachableError} from '../errors.js'
import {hostText} from '../model/host-address.js'
import {answerThrough} from './dial.js'
import {DEFAULT_SOCKET, type KeptConnection, type Way} from './kept-connection.js'
import {shellWord} from '../model/names.js'
import {remoteArguments, type SshAddress, typedSsh} from './ssh-arguments.js'
import {runSsh} from './ssh-program.js'

const LOOK_MS = 5000
const NO_SOCKET = 71
const NOT_ALLOWED = 72
const IN_PLACE = 73
const NO_CLIENT = 74

/** The line of the far shell that passes bytes on to the engine at the address's socket, whatever docker's context there is. */
export function engineProgram(way: Exclude<Way, 'forward'>, address: SshAddress): string {
  const client = way === 'docker' ? 'docker' : 'sudo -n docker'
  return `${client} -H ${shellWord(`unix://${address.socketPath ?? DEFAULT_SOCKET}`)} system dial-stdio`
}

/**
 * The way by which the engine answers, or at least does not hang up: the person's own docker client there; `sudo -n docker` where they
 * may not open the socket. Throws `UnreachableError`: `EngineNotRunning`, `EngineForbidden`, or `StreamForwardingForbidden` where the
 * socket is in place and no docker client is.
 */
export async function wayAround(
  address: SshAddress,
  kept: Pick<KeptConnection, 'control' | 'host'>,
  config: string | undefined,
  signal: AbortSignal,
): Promise<Exclude<Way, 'forward'>> {
  const found = await runSsh(remoteArguments(kept.control, lookLine(address)), {timeoutMs: LOOK_MS}, signal)
  const way = found.exitCode === IN_PLACE ? 'docker' : found.exitCode === NOT_ALLOWED ? 'sudo-docker' : undefined
  if (way !== undefined && (await answerThrough(kept, engineProgram(way, address), LOOK_MS)) !== 'closed') return way
  throw closedSocket(found.exitCode, address, typedSsh(address, config))
}

function lookLine(address: SshAddress): string {
  const word = shellWord(address.socketPath ?? DEFAULT_SOCKET)
  return [
    `test -S ${word} || exit ${NO_SOCKET}`,
    `test -r ${word} -a -w ${word} || exit ${NOT_ALLOWED}`,
    `docker --version || exit ${NO_CLIENT}`,
    `exit ${IN_PLACE}`,
  ].join('; ')
}

/** Why no way leads there, from what the far shell saw; `ssh` is how a person would log in. */
function closedSocket(seen: number | undefined, address: SshAddress, ssh: string): UnreachableError {
  const path = address.socketPath ?? DEFAULT_SOCKET
  const host = `"${hostText(address)}"`
  const fault = (code: string, message: string, ...suggestions: readonly string[]) => new UnreachableError(code, message, {suggestions})
  if (seen === NOT_ALLOWED)
    return fault(
      'EngineForbidden',
      `The user of the login to ${host} may not open the engine's socket "${path}", nor run docker there by sudo without a password.`,
      `${ssh} 'sudo usermod -aG docker $(id -un)'`,
      `${ssh} ls -l ${path}`,
    )
  if (seen === NO_CLIENT)
    return fault(
      'StreamForwardingForbidden',
      `Nothing answers at the engine's socket "${path}" of ${host}: its engine is off, or its sshd forbids to forward sockets; then set AllowStreamLocalForwarding to yes in its sshd_config, or install the docker client there.`,
      `${ssh} sudo sshd -T`,
      `${ssh} sudo apt-get install docker-cli`,
    )
  const listens = seen === IN_PLACE ? "Nothing answers at the engine's socket" : 'No engine listens at'
  return fault('EngineNotRunning', `${listens} "${path}" of ${host}.`, `${ssh} docker version`, `${ssh} sudo systemctl start docker`)
}
