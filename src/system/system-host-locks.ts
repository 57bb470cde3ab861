// Locks on hosts, held by a program there that lives as long as it hears from us.
import {createInterface} from 'node:readline'
import {UnreachableError} from '../errors.js'
import {type HostAddress, hostText} from '../model/host-address.js'
import type {HeldHostLock, HostLockHolder, HostLockRefusal, HostLocks} from '../world/host-locks.js'
import type {Channel} from './channel.js'
import type {ConnectionTools} from './connection-tools.js'
import {lockChannel} from './lock-channel.js'
import {SILENCE_SECONDS} from './lock-program.js'

const BEAT_MS = 3000

/** Sooner than the host gives the lock to another, counted from when the last byte was sent that it answered. */
const LOST_MS = (SILENCE_SECONDS - 5) * 1000

/** A shell that says nothing for so long, its connection being there, says nothing at all. */
const ANSWER_MS = 10_000

/** Argv of a process has room for more, but nobody reads more. */
const MOST_TEXT = 200

type Begun = {readonly channel: Channel; readonly lines: NodeJS.EventEmitter; readonly epoch: number}

export class SystemHostLocks implements HostLocks {
  constructor(private readonly tools: ConnectionTools) {}

  async hold(
    address: HostAddress,
    name: string,
    holder: HostLockHolder,
    signal: AbortSignal,
  ): Promise<{readonly kind: 'mine'; readonly lock: HeldHostLock} | HostLockRefusal> {
    const answer = await this.#ask(address, name, encoded(holder), signal)
    if (answer.kind === 'mine') return {kind: 'mine', lock: heldLock(answer.begun, address)}
    if (answer.kind === 'free') throw silent(address)
    return answer
  }

  async look(address: HostAddress, name: string, signal: AbortSignal): Promise<{readonly kind: 'free'} | HostLockRefusal> {
    const answer = await this.#ask(address, name, 'look', signal)
    if (answer.kind !== 'mine') return answer
    answer.begun.channel.end()
    throw silent(address)
  }

  async #ask(
    address: HostAddress,
    name: string,
    who: string,
    signal: AbortSignal,
  ): Promise<{readonly kind: 'mine'; readonly begun: Begun} | {readonly kind: 'free'} | HostLockRefusal> {
    // The only word of ours that is not made here: what is no id never comes near a shell.
    if (!/^[0-9a-f]{32}$/.test(name)) throw new TypeError('The name of a host lock is 32 hexadecimal digits.')
    signal.throwIfAborted()
    const channel = await lockChannel(this.tools, address, [name, who], signal)
    if (channel === undefined) return {kind: 'unable'}
    const lines = createInterface({input: channel.stdout})
    const said = (await firstLine(lines, signal)) ?? ''
    const [kind = '', epoch = '', holder = ''] = said.split(' ')
    if (kind === 'mine') return {kind, begun: {channel, lines, epoch: Number(epoch)}}
    channel.end()
    signal.throwIfAborted()
    if (kind === 'free' || kind === 'unsafe') return {kind}
    if (kind === 'lacks') return {kind: 'unable'}
    if (kind === 'held') return {kind, epoch: Number(epoch), ...decoded(holder)}
    throw silent(address)
  }
}

function heldLock({channel, epoch, lines}: Begun, address: HostAddress): HeldHostLock {
  const lost = new AbortController()
  // What the program has answered was heard there after it was sent: so this moment is never later than the host's own.
  let sentAt = performance.now()
  let isAnswered = true
  const beat = setInterval(() => {
    if (!isAnswered) return
    isAnswered = false
    sentAt = performance.now()
    channel.stdin.write('.')
  }, BEAT_MS)
  const end = (): void => {
    clearInterval(beat)
    clearTimeout(last)
  }
  let last = setTimeout(() => lose(), LOST_MS)
  const lose = (): void => {
    end()
    if (!lost.signal.aborted) lost.abort(lockLost(address))
    channel.end()
  }
  lines.on('line', () => {
    isAnswered = true
    clearTimeout(last)
    last = setTimeout(lose, Math.max(0, LOST_MS - (performance.now() - sentAt)))
  })
  lines.once('close', lose)
  return {
    epoch,
    signal: lost.signal,
    release: async () => {
      end()
      lines.off('close', lose)
      await letGo(channel)
    },
  }
}

/** Ends the program by the end of its input; where it cannot hear that, its host lets go after its silence. */
async function letGo(channel: Channel): Promise<void> {
  channel.stdin.end()
  const late = setTimeout(() => channel.end(), ANSWER_MS)
  await channel.ended.finally(() => clearTimeout(late))
}

/** `undefined` when the program ended, the signal fired, or it takes too long. */
function firstLine(lines: NodeJS.EventEmitter, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const settle = (line?: string): void => {
      clearTimeout(late)
      signal.removeEventListener('abort', give)
      lines.off('line', settle).off('close', give)
      resolve(line)
    }
    const give = (): void => settle()
    const late = setTimeout(give, ANSWER_MS)
    signal.addEventListener('abort', give)
    lines.once('line', settle).once('close', give)
  })
}

function encoded({by, command, since}: HostLockHolder): string {
  const text = {by: by.slice(0, MOST_TEXT), command: command.slice(0, MOST_TEXT), since}
  return Buffer.from(JSON.stringify(text)).toString('base64url')
}

/** Others write there too: what is not ours tells nothing. */
function decoded(text: string): {readonly holder?: HostLockHolder} {
  try {
    const {by, command, since} = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<HostLockHolder>
    if (typeof by !== 'string' || typeof command !== 'string' || typeof since !== 'string') return {}
    return {holder: {by, command, since}}
  } catch {
    return {}
  }
}

function silent(address: HostAddress): UnreachableError {
  return new UnreachableError('HostLockSilent', `The host at ${hostText(address)} did not say whether its lock is free.`, {
    suggestions: ['berth doctor'],
  })
}

function lockLost(address: HostAddress): UnreachableError {
  return new UnreachableError('HostLockLost', `The lock on the host at ${hostText(address)} is lost: somebody else may work there now.`, {
    suggestions: ['berth connection list'],
  })
}
