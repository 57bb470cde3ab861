// A person's shell for the tests: the built program, with folders of its own, so that no test sees another's state or the person's own files.
import {chmod, mkdir, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa, type ResultPromise} from 'execa'
import {loadHosts} from './hosts/descriptor.js'

const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

export interface Ran {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

export interface StartOptions {
  readonly stdin?: 'pipe'
  readonly env?: Readonly<Record<string, string>>
  /** A program that runs berth, with its words: strace. */
  readonly through?: readonly string[]
}

interface Settings {
  readonly env: Readonly<Record<string, string>>
  readonly extendEnv: false
  readonly reject: false
  readonly stdin: 'ignore' | 'pipe'
}

/** A berth that has been started; awaited, how it ended. */
export type Started = ResultPromise<Settings>

export interface Session {
  readonly folder: string
  readonly stateFile: string
  readonly environment: Readonly<Record<string, string>>
  /** Runs berth to its end, however it ends. */
  berth(...words: readonly string[]): Promise<Ran>
  /** As `berth`, with `--json`; throws unless it exits with 0 and prints one document. */
  json<T = Record<string, never>>(...words: readonly string[]): Promise<T>
  /** Runs berth, and throws unless it exits with 0; what it printed on stdout. */
  text(...words: readonly string[]): Promise<string>
  /** Starts berth and returns at once. */
  start(words: readonly string[], options?: StartOptions): Started
  /** Starts berth on a terminal of its own: what is written to its stdin is typed there, and all it prints comes on stdout. */
  onTerminal(words: readonly string[]): Started
  /** Closes its connections and removes its folders. */
  close(): Promise<void>
}

/** A session on the test hosts; `env` over its own environment. */
export async function openSession(env: Readonly<Record<string, string>> = {}): Promise<Session> {
  const hosts = loadHosts()
  const folder = await mkdtemp(join(tmpdir(), 'berth-e2e-'))
  const folders = {
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_CACHE_HOME: join(tmpdir(), 'berth-e2e-cache'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
  }
  for (const path of Object.values(folders)) await mkdir(path, {recursive: true, mode: 0o700})
  await chmod(folders.XDG_RUNTIME_DIR, 0o700)
  const environment = {PATH: process.env['PATH'] ?? '', HOME: folder, NO_COLOR: '1', ...folders, ...hosts.environment, ...env}
  const start: Session['start'] = (words, options = {}) => {
    const [program = process.execPath, ...rest] = [...(options.through ?? []), process.execPath, '--', PROGRAM, ...words]
    return execa<Settings>(program, rest, {
      env: {...environment, ...options.env},
      extendEnv: false,
      reject: false,
      stdin: options.stdin ?? 'ignore',
    })
  }
  const berth: Session['berth'] = async (...words) => {
    const {exitCode, stderr, stdout} = await start(words)
    return {exitCode, stderr: String(stderr), stdout: String(stdout)}
  }
  const onTerminal: Session['onTerminal'] = (words) => {
    const line = [process.execPath, '--', PROGRAM, ...words].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
    const env = {...environment, TERM: 'xterm', SHELL: '/bin/sh'}
    return execa<Settings>('script', ['-qec', line, '/dev/null'], {env, extendEnv: false, reject: false, stdin: 'pipe'})
  }
  const text: Session['text'] = async (...words) => {
    const ran = await berth(...words)
    if (ran.exitCode !== 0) throw new Error(`berth ${words.join(' ')} exited with ${ran.exitCode}.\n${ran.stdout}\n${ran.stderr}`)
    return ran.stdout
  }
  return {
    folder,
    stateFile: join(folders.XDG_STATE_HOME, 'berth', 'state.json'),
    environment,
    berth,
    start,
    onTerminal,
    text,
    json: async <T>(...words: readonly string[]) => {
      const cut = words.indexOf('--')
      return JSON.parse(await text(...(cut < 0 ? [...words, '--json'] : [...words.slice(0, cut), '--json', ...words.slice(cut)]))) as T
    },
    close: async () => {
      await berth('connection', 'close')
      await rm(folder, {recursive: true, force: true})
    },
  }
}
