// Runs the person's own ssh program: an array of words, no shell, never without an end.
import type {Options} from 'execa'
import {sshMissing} from './ssh-faults.js'

export interface SshRun {
  readonly exitCode: number | undefined
  readonly stderr: string
}

export interface SshRunOptions {
  /** Absent: as long as it takes, for a person is being asked. */
  readonly timeoutMs?: number
  /** ssh may talk to the person at the terminal. */
  readonly interactive?: boolean
}

/** What came of it, whatever the exit code. Throws `UnreachableError` `SshMissing`, and the signal's reason when it fires. */
export async function runSsh(words: readonly string[], options: SshRunOptions, signal: AbortSignal): Promise<SshRun> {
  signal.throwIfAborted()
  // Loaded here: a command that finds its connection open never runs ssh.
  const {execa} = await import('execa')
  const settings = {
    cancelSignal: signal,
    forceKillAfterDelay: 500,
    reject: false,
    stderr: options.interactive ? ['pipe', 'inherit'] : 'pipe',
    stdin: options.interactive ? 'inherit' : 'ignore',
    stdout: 'ignore',
    ...(options.timeoutMs === undefined ? {} : {timeout: options.timeoutMs}),
  } as const satisfies Options
  const run = await execa('ssh', words, settings)
  signal.throwIfAborted()
  if (run.code === 'ENOENT') throw sshMissing(run.cause)
  return {exitCode: run.exitCode, stderr: run.stderr}
}
