// The suites of tests, and running one as a mocha of its own.
import {type ChildProcess, spawn} from 'node:child_process'
import {existsSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {waitUntil} from './hosts/programs.js'

/** A kind of test: where its files are, and whether they need the test hosts. */
export interface Suite {
  readonly name: string
  readonly files: string
  readonly needsHosts: boolean
}

/** How many tests came out how. */
export interface Outcome {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Every suite, the quickest first. */
export const SUITES: readonly Suite[] = [
  {name: 'unit', files: 'src/**/*.test.ts', needsHosts: false},
  {name: 'shape', files: 'test/shape/**/*.test.ts', needsHosts: false},
  {name: 'contract', files: 'test/contract/**/*.test.ts', needsHosts: true},
  {name: 'integration', files: 'test/integration/**/*.test.ts', needsHosts: true},
  {name: 'e2e', files: 'test/e2e/**/*.test.ts', needsHosts: true},
]

/** A run that came to nothing: no test ended. */
export const NOTHING: Outcome = {passed: 0, failed: 0, skipped: 0}

/** A suite may take this long; then it is ended and counts as failed. */
const DEADLINE_MS = 45 * 60_000

/** After its last test a mocha ends within this time; otherwise a test left something open, which counts as a failure. */
const GRACE_MS = 15_000

/**
 * Runs the suite in a mocha of its own, whose output goes straight to this process's; comes back when it has ended.
 * What keeps mocha from its end (an unreadable file, no tests, a hanging handle, the signal) counts as one failure beside its tests.
 * The settings of mocha stand in package.json.
 */
export async function runSuite(suite: Suite, environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Outcome> {
  const output = join(tmpdir(), `berth-outcome-${process.pid}-${suite.name}.json`)
  const reporter = fileURLToPath(new URL('counting-reporter.cjs', import.meta.url))
  const mocha = fileURLToPath(new URL('../../node_modules/mocha/bin/mocha.js', import.meta.url))
  const args = [mocha, '--reporter', reporter, '--reporter-option', `output=${output}`, suite.files]
  // A group of its own: mocha runs the tests in a child, and both must end.
  const child = spawn(process.execPath, args, {detached: true, env: environment, stdio: 'inherit'})
  const ended = await endOf(child, () => existsSync(output), signal)
  const counted: Outcome = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : NOTHING
  rmSync(output, {force: true})
  const trouble = troubleOf(counted, ended)
  if (trouble === undefined) return counted
  process.stderr.write(`\nThe suite "${suite.name}" ${trouble}.\n`)
  return {...counted, failed: counted.failed + 1}
}

/** The sum of two outcomes. */
export function add(one: Outcome, other: Outcome): Outcome {
  return {passed: one.passed + other.passed, failed: one.failed + other.failed, skipped: one.skipped + other.skipped}
}

/** What is wrong with a run besides failed tests. */
function troubleOf(counted: Outcome, ended: number | string): string | undefined {
  if (typeof ended === 'string') return ended
  if (counted.passed + counted.failed + counted.skipped === 0) return 'ran no test'
  return ended !== 0 && counted.failed === 0 ? `ended with ${ended} although no test failed` : undefined
}

/** The exit code of the child, or why it had to be ended. Its whole process group ends with it. */
async function endOf(child: ChildProcess, isDone: () => boolean, signal: AbortSignal): Promise<number | string> {
  const startedAt = Date.now()
  let doneAt: number | undefined
  let reason: string | undefined
  const watch = setInterval(() => {
    if (isDone()) doneAt ??= Date.now()
    if (signal.aborted) reason ??= 'was interrupted'
    else if (doneAt !== undefined && Date.now() - doneAt > GRACE_MS)
      reason ??= 'did not end after its last test: one of them left something open'
    else if (Date.now() - startedAt > DEADLINE_MS) reason ??= `did not end within ${DEADLINE_MS / 60_000} minutes`
    if (reason !== undefined) endGroup(child)
  }, 200)
  const code = await new Promise<number>((resolve) => {
    child.once('error', () => resolve(127))
    child.once('exit', (exit, killedBy) => resolve(killedBy === null ? (exit ?? 1) : 1))
  })
  clearInterval(watch)
  // What the tests started in the group ends with them, and whoever clears up after them must find it ended.
  await waitUntil(`the processes of mocha ${child.pid} to end`, () => !endGroup(child))
  return reason ?? code
}

/** Ends the processes of the child's group; `false` when there were none left. */
function endGroup(child: ChildProcess): boolean {
  if (child.pid === undefined) return false
  try {
    return process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Every process of the group has ended.
    return false
  }
}
