// A program in a container, spoken with from this terminal.
import type {ExecSession} from '../world/engine.js'
import {type Outlets, passOn} from './pass-on.js'

/** The streams of this process, as far as a conversation needs them. */
export interface Speaker extends Outlets {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
}

export interface Manner {
  /** What is typed goes to the program. */
  readonly stdin: boolean
  /** The program has a terminal: keys go as they are pressed, Ctrl-C too, and it learns how large the window is. */
  readonly tty: boolean
}

/** The exit code of the program, once it has ended and all its output is written. The terminal is then as it was before. */
export async function converse(session: ExecSession, speaker: Speaker, manner: Manner): Promise<number> {
  const stopTyping = manner.stdin ? passKeys(session, speaker.stdin, manner.tty) : () => {}
  const stopSizing = manner.tty && speaker.stdout.isTTY ? passSize(session, speaker.stdout) : () => {}
  try {
    await passOn(session.output, speaker)
    return await session.exitCode()
  } finally {
    stopTyping()
    stopSizing()
  }
}

/** Passes input on no faster than it is taken, from now until what is returned is called. */
function passKeys(session: ExecSession, stdin: NodeJS.ReadStream, raw: boolean): () => void {
  const pass = (bytes: Uint8Array) => {
    stdin.pause()
    // A program that ended while it was spoken to hears no more: its exit code tells the rest.
    session.write(bytes).then(
      () => stdin.resume(),
      () => {},
    )
  }
  const end = () => session.end()
  if (raw && stdin.isTTY) stdin.setRawMode(true)
  stdin.on('data', pass).on('end', end)
  return () => {
    stdin.off('data', pass).off('end', end)
    if (raw && stdin.isTTY) stdin.setRawMode(false)
    stdin.pause()
  }
}

function passSize(session: ExecSession, stdout: NodeJS.WriteStream): () => void {
  const pass = () => {
    // A program that has just ended has no window any more.
    session.resize(stdout.columns, stdout.rows).catch(() => {})
  }
  pass()
  stdout.on('resize', pass)
  return () => stdout.off('resize', pass)
}
