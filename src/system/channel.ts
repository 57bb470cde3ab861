// One session of the far shell through a master, as a stream of bytes. What the far shell says before the program begins (a
// greeting in somebody's profile) is passed over: only what follows our own mark is the program's.
import type {Readable, Writable} from 'node:stream'
import type {Options, ResultPromise} from 'execa'
import {UnreachableError} from '../errors.js'
import type {KeptConnection} from './kept-connection.js'
import {remoteArguments} from './ssh-arguments.js'
import {sessionRefused, sshMissing} from './ssh-faults.js'

/** A line that no greeting holds; both sides of it are ends of lines. */
const MARK = 'berth-begins-here'

/** `cleanup`: when this process ends the child ends too. */
const SETTINGS = {
  buffer: {stderr: true, stdout: false},
  cleanup: true,
  forceKillAfterDelay: 500,
  reject: false,
  stdin: 'pipe',
} as const satisfies Options

export interface Channel {
  readonly stdin: Writable
  /** What the program says, from its first byte on. */
  readonly stdout: Readable
  /** Its exit code; `undefined` when it ended otherwise. Never rejects. */
  readonly ended: Promise<number | undefined>
  /** Ends ssh here, and with it the program there. */
  end(): void
  /** Does it keep this process from its end? It does at first. */
  hold(wanted: boolean): void
}

/**
 * The program, a line of the far shell, begun. `undefined` when the host opens no further session at this moment. Throws
 * `UnreachableError` `HostSilent` when the master has ended, `SshMissing`, and the signal's reason when it fires first.
 */
export async function openChannel(
  {control, host}: Pick<KeptConnection, 'control' | 'host'>,
  program: string,
  signal: AbortSignal,
): Promise<Channel | undefined> {
  signal.throwIfAborted()
  // Loaded here: a command whose sockets are forwarded never runs ssh.
  const {execa} = await import('execa')
  const child = execa('ssh', remoteArguments(control, `printf '\\n%s\\n' ${MARK}; exec ${program}`), SETTINGS)
  const give = () => void child.kill()
  signal.addEventListener('abort', give)
  // A program that has ended takes no more input; the end of its output tells.
  child.stdin.on('error', () => {})
  const hasBegun = await begins(child.stdout)
  signal.removeEventListener('abort', give)
  if (hasBegun && !signal.aborted) return channelOf(child)
  child.kill()
  const {code, cause, stderr} = await child
  signal.throwIfAborted()
  if (code === 'ENOENT') throw sshMissing(cause)
  if (sessionRefused(String(stderr))) return undefined
  throw new UnreachableError('HostSilent', `The connection to "${host}" is gone.`, {
    cause: new Error(String(stderr)),
    suggestions: ['berth connection list'],
  })
}

function channelOf(child: ResultPromise<typeof SETTINGS>): Channel {
  const {stdin, stdout} = child
  return {
    stdin,
    stdout,
    ended: child.then(({exitCode}) => exitCode),
    end: () => void child.kill(),
    hold: (wanted) => {
      for (const one of [child, stdin, stdout, child.stderr]) if (isHandle(one)) wanted ? one.ref() : one.unref()
    },
  }
}

/** Pipes to a child are sockets, though their types do not say so. */
function isHandle(one: object): one is {ref(): void; unref(): void} {
  return 'ref' in one && 'unref' in one
}

/** Reads up to the mark and leaves what follows to be read; `false` when the output ends without one. */
function begins(stdout: Readable): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0)
    const settle = (answer: boolean): void => {
      stdout.off('readable', listen)
      resolve(answer)
    }
    const listen = (): void => {
      for (let piece: Buffer | null = stdout.read(); piece !== null; piece = stdout.read()) {
        heard = Buffer.concat([heard, piece])
        const at = heard.indexOf(`\n${MARK}\n`)
        if (at < 0) continue
        const rest = heard.subarray(at + MARK.length + 2)
        settle(true)
        if (rest.length > 0) stdout.unshift(rest)
        return
      }
    }
    stdout.on('readable', listen)
    stdout.once('close', () => settle(false))
  })
}
