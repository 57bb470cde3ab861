// Connections to what a host can reach: its containers. Over ssh the master forwards a socket of ours to each target, so that a connection is a channel:
// no program of its own, and no session that sshd counts.
import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {rm} from 'node:fs/promises'
import {connect, type Socket} from 'node:net'
import {type KnownError, UnreachableError} from '../errors.js'
import type {Reached, ReachTarget} from '../world/connections.js'
import type {KeptConnection} from './kept-connection.js'
import {reachArguments} from './ssh-arguments.js'
import {runSsh} from './ssh-program.js'

/** The master is on this machine: it answers at once, or it is gone. */
const ASK_TIMEOUT_MS = 5000

/** Straight from this machine. Throws `UnreachableError` `TargetRefused`. */
export async function reachDirectly({host, port}: ReachTarget, signal: AbortSignal): Promise<Reached> {
  const nobody = (cause: unknown) => refused(`Nothing takes connections at ${host}:${port}.`, cause)
  return {stream: await connected(connect({host, port, noDelay: true}), nobody, signal), failure: Promise.resolve(undefined)}
}

/** The forwards that this process has asked masters for. */
export class SshReach {
  private readonly sockets = new Map<string, Promise<string>>()
  private readonly undo: (() => Promise<unknown>)[] = []

  constructor(private readonly folder: string) {}

  /** From the host, through its master. Whether anything listens there is known once it has answered. Throws `UnreachableError`s. */
  async reach(kept: KeptConnection, target: ReachTarget, signal: AbortSignal): Promise<Reached> {
    const key = `${kept.control} ${target.host} ${target.port}`
    const known = this.sockets.get(key) ?? this.forward(kept, target, key, signal)
    this.sockets.set(key, known)
    // Who asks next may have more luck.
    known.catch(() => this.sockets.delete(key))
    const socket = await connected(connect(await known), (cause) => refused(silent(kept, target), cause), signal)
    return {stream: socket, failure: silentEnd(socket, silent(kept, target))}
  }

  /** Every forward is taken back. */
  async close(): Promise<void> {
    await Promise.all(this.undo.splice(0).map((deed) => deed()))
  }

  private async forward({control, host}: KeptConnection, target: ReachTarget, key: string, signal: AbortSignal): Promise<string> {
    const path = `${this.folder}/${createHash('sha256').update(key).digest('hex').slice(0, 8)}-${process.pid}.fwd`
    const {exitCode, stderr} = await runSsh(reachArguments(control, 'forward', path, target), {timeoutMs: ASK_TIMEOUT_MS}, signal)
    if (exitCode !== 0)
      throw new UnreachableError('HostSilent', `The connection to "${host}" is gone.`, {
        cause: new Error(stderr),
        suggestions: ['berth connection list'],
      })
    // Not by the command's own signal, which may have fired: what was opened is closed all the same.
    this.undo.push(async () => {
      await runSsh(reachArguments(control, 'cancel', path, target), {timeoutMs: ASK_TIMEOUT_MS}, AbortSignal.timeout(ASK_TIMEOUT_MS)).catch(
        () => {},
      )
      await rm(path, {force: true})
    })
    return path
  }
}

async function connected(socket: Socket, failed: (cause: unknown) => KnownError, signal: AbortSignal): Promise<Socket> {
  signal.addEventListener('abort', () => socket.destroy(), {once: true})
  try {
    await once(socket, 'connect')
    return socket
  } catch (error) {
    signal.throwIfAborted()
    throw failed(error)
  }
}

/** The far end of a forwarded socket is tried only after our own is open: one that is closed without a word was refused there, or is of no use. */
async function silentEnd(socket: Socket, message: string): Promise<KnownError | undefined> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
  return socket.bytesRead === 0 ? refused(message, undefined) : undefined
}

/** Which of the two it is, ssh tells only the master. */
function silent({host}: KeptConnection, target: ReachTarget): string {
  return `Nothing takes connections at ${target.host}:${target.port} of "${host}", or its sshd forbids to forward ports (AllowTcpForwarding, PermitOpen).`
}

function refused(message: string, cause: unknown): UnreachableError {
  return new UnreachableError('TargetRefused', message, {cause})
}
