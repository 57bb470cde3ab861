// Why a forwarded socket closes without a word. sshd answers alike for a socket that is not there, one the user may not open,
// and a forwarding it forbids ("connect failed: open failed"), so the far shell is asked what stands at the path.
import {UnreachableError} from '../errors.js'
import {hostText} from '../model/host-address.js'
import {DEFAULT_SOCKET} from './kept-connection.js'
import {remoteArguments, type SshAddress, shellWord, typedSsh} from './ssh-arguments.js'
import {runSsh} from './ssh-program.js'

const LOOK_MS = 5000
const NO_SOCKET = 71
const NOT_ALLOWED = 72
const IN_PLACE = 73

/** The error that tells why: `EngineNotRunning`, `EngineForbidden`, or `EngineUnreachable` where the engine's socket is in place. */
export async function closedSocket(
  address: SshAddress,
  control: string,
  config: string | undefined,
  signal: AbortSignal,
): Promise<UnreachableError> {
  const path = address.socketPath ?? DEFAULT_SOCKET
  const word = shellWord(path)
  const look = `test -S ${word} || exit ${NO_SOCKET}; test -r ${word} -a -w ${word} || exit ${NOT_ALLOWED}; exit ${IN_PLACE}`
  const {exitCode} = await runSsh(remoteArguments(control, look), {timeoutMs: LOOK_MS}, signal)
  const ssh = typedSsh(address, config)
  const host = `"${hostText(address)}"`
  if (exitCode === NOT_ALLOWED)
    return new UnreachableError('EngineForbidden', `The user of the login to ${host} may not open the engine's socket "${path}".`, {
      suggestions: [`${ssh} 'sudo usermod -aG docker $(id -un)'`, `${ssh} ls -l ${path}`],
    })
  if (exitCode === IN_PLACE)
    return new UnreachableError(
      'StreamForwardingForbidden',
      `Nothing answers at the engine's socket "${path}" of ${host}: its engine is off, or its sshd forbids to forward sockets (AllowStreamLocalForwarding in sshd_config must be yes).`,
      {
        suggestions: [`${ssh} docker version`, `${ssh} sudo sshd -T`],
      },
    )
  return new UnreachableError('EngineNotRunning', `No engine listens at "${path}" of ${host}.`, {
    suggestions: [`${ssh} docker version`, `${ssh} sudo systemctl start docker`],
  })
}
