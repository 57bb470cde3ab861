// A home of the bench's own: a copy of the built program, so that a build meanwhile changes nothing, and folders that nobody else uses.
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {cpSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {waitUntil} from '../support/hosts/programs.js'
import {timed} from './pairs.js'

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url))

/** All that a person who installed the package would have. */
const PUBLISHED = ['bin/run.js', 'dist', 'oclif.manifest.json', 'package.json']

export type Environment = Readonly<Record<string, string>>

/** A berth that runs until it is told to end. */
export interface Lasting {
  readonly pid: number
  readonly end: () => Promise<void>
}

export class BenchHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'berth-bench-'))
  readonly stateFile = join(this.folder, 'state', 'berth', 'state.json')
  readonly #program = join(this.folder, 'program')

  /** `environment`: over the home's own. An abort of `signal` ends what runs, but for the last words of `close`. */
  constructor(
    private readonly environment: Environment = {},
    private readonly signal?: AbortSignal,
  ) {
    for (const part of PUBLISHED) cpSync(join(CHECKOUT, part), join(this.#program, part), {recursive: true})
    for (const name of ['state', 'config', 'cache', 'run']) mkdirSync(join(this.folder, name), {mode: 0o700})
  }

  /** Runs berth to its end and returns the milliseconds it took. Throws unless it exits with 0. */
  berth(...words: readonly string[]): Promise<number> {
    return this.program(process.execPath, [join(this.#program, 'bin', 'run.js'), ...words])
  }

  /** Starts berth; what it prints is to be read. */
  begun(...words: readonly string[]): ChildProcess {
    return spawn(process.execPath, [join(this.#program, 'bin', 'run.js'), ...words], {
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  }

  /** Starts berth and lets it run; comes back when it has said this on stderr. */
  async lasting(ready: RegExp, ...words: readonly string[]): Promise<Lasting> {
    const child = spawn(process.execPath, [join(this.#program, 'bin', 'run.js'), ...words], {
      env: this.#environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const closed = once(child, 'close')
    // Also where the bench falls over.
    const abandon = () => void child.kill('SIGKILL')
    process.once('exit', abandon)
    let told = ''
    child.stderr.on('data', (chunk) => (told += String(chunk)))
    const end = async () => {
      child.kill('SIGTERM')
      await closed
      process.off('exit', abandon)
    }
    try {
      await waitUntil(`berth ${words.join(' ')} to be ready`, () => {
        if (child.exitCode !== null) throw new Error(`berth ${words.join(' ')} exited with ${child.exitCode}:\n${told}`)
        return ready.test(told)
      })
    } catch (error) {
      await end()
      throw error
    }
    return {pid: child.pid ?? 0, end}
  }

  /** Runs a program in this home and returns the milliseconds from before it was started until it has ended. Throws unless it exits with 0. */
  program(program: string, words: readonly string[], environment: Environment = {}): Promise<number> {
    return timed(() => ended(program, words, {...this.#environment(), ...environment}, this.signal))
  }

  /** Leaves no connection and no file behind. */
  async close(): Promise<void> {
    await ended(process.execPath, [join(this.#program, 'bin', 'run.js'), 'connection', 'close'], this.#environment())
    rmSync(this.folder, {force: true, recursive: true})
  }

  #environment(): Environment {
    const folderOf = (name: string) => join(this.folder, name)
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.folder,
      XDG_CACHE_HOME: folderOf('cache'),
      XDG_CONFIG_HOME: folderOf('config'),
      XDG_RUNTIME_DIR: folderOf('run'),
      XDG_STATE_HOME: folderOf('state'),
      ...this.environment,
    }
  }
}

function ended(program: string, words: readonly string[], environment: Environment, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {env: environment, signal, stdio: ['ignore', 'ignore', 'pipe']})
    let told = ''
    child.stderr.on('data', (chunk) => (told += String(chunk)))
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ${words.join(' ')} exited with ${code}:\n${told}`)),
    )
  })
}
