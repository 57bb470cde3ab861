// The built berth, as a person types it: each command line is shown, then what it truly prints.
import {spawn} from 'node:child_process'
import {fileURLToPath} from 'node:url'

/** What a command came to. */
export interface Ended {
  readonly exitCode: number
  readonly stdout: string
}

/** Runs `berth` with these words in an environment of its own. */
export type Berth = (words: readonly string[], options?: {readonly silent?: boolean}) => Promise<Ended>

/**
 * The berth of this checkout on this engine, with all its state below `scratch`. Nothing of the person's own settings is seen or
 * changed. `silent` shows neither the command nor its output, and runs on when `signal` has come: clearing up must.
 */
export function berthIn(scratch: string, dockerHost: string, signal: AbortSignal): Berth {
  const door = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
  const own = Object.entries(process.env).filter(([name]) => !/^(BERTH|XDG|DOCKER)_/.test(name))
  const folders = ['STATE', 'CONFIG', 'CACHE', 'RUNTIME'].map((kind) => [
    kind === 'RUNTIME' ? 'XDG_RUNTIME_DIR' : `XDG_${kind}_HOME`,
    scratch,
  ])
  const environment = {...Object.fromEntries(own), ...Object.fromEntries(folders), DOCKER_HOST: dockerHost}
  return (words, {silent = false} = {}) =>
    new Promise((resolve, reject) => {
      if (!silent) process.stdout.write(`\n$ berth ${words.map(quoted).join(' ')}\n`)
      const interruptible = silent ? {} : {signal}
      const child = spawn(process.execPath, ['--', door, ...words], {env: environment, stdio: ['ignore', 'pipe', 'pipe'], ...interruptible})
      let stdout = ''
      child.stdout.on('data', (chunk) => {
        stdout += String(chunk)
        if (!silent) process.stdout.write(chunk)
      })
      child.stderr.on('data', (chunk) => silent || process.stdout.write(chunk))
      child.once('error', reject)
      child.once('close', (code) => resolve({exitCode: code ?? 1, stdout}))
    })
}

/** The word as a shell needs it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
