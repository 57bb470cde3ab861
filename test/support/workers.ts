// Starts processes of a program beside the test, `PROGRAM DEED PATH NUMBER`, and hears what they say: bundled once, for starting fifty of them through a TypeScript loader would be the whole test.
import {type ChildProcess, spawn} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {buildSync} from 'esbuild'

const ETCD_CLIENT = createRequire(import.meta.url).resolve('etcd3')

/** One process, and what it said so far. */
export interface Worker {
  readonly process: ChildProcess
  readonly said: readonly string[]
  /** Its exit code, or the signal that ended it, once all it said is read. */
  readonly ended: Promise<number | string | null>
}

export class Workers {
  readonly #folder = mkdtempSync(join(tmpdir(), 'berth-workers-'))
  readonly #started: Worker[] = []
  readonly #program = join(this.#folder, 'worker.mjs')

  /** `source` is the program's TypeScript. */
  constructor(source: URL) {
    buildSync({
      bundle: true,
      entryPoints: [fileURLToPath(source)],
      // etcd's client reads files that lie beside it.
      alias: {etcd3: ETCD_CLIENT},
      external: ['conf', ETCD_CLIENT],
      format: 'esm',
      outfile: this.#program,
      platform: 'node',
      target: 'node20',
    })
  }

  /** `through` is a program that runs the worker: strace with its options. */
  start(deed: string, path: string, count = 1, through: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Worker {
    const [program = process.execPath, ...words] = [...through, process.execPath, this.#program, deed, path, String(count)]
    const child = spawn(program, words, {env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'inherit']})
    const said: string[] = []
    let rest = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      said.push(...lines)
    })
    const ended = new Promise<number | string | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => resolve(code ?? signal))
    })
    const worker = {ended, process: child, said}
    this.#started.push(worker)
    return worker
  }

  /** Ends every worker that still runs, and removes the program. */
  async close(): Promise<void> {
    for (const worker of this.#started) worker.process.kill('SIGKILL')
    await Promise.all(this.#started.map(({ended}) => ended))
    rmSync(this.#folder, {force: true, recursive: true})
  }
}
