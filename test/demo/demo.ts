// `npm run demo`: the main job from nothing to a task's exit code in the shell, by the built berth on a real engine.
// Each step must do what the README says, or the demo fails; it leaves nothing behind either way.
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {waitUntil} from '../support/hosts/programs.js'
import {type Berth, berthIn} from './berth.js'
import {ask, findEngine} from './engine.js'
import {findImage} from './image.js'

/** Says hello until it is told to stop, and stops at once. */
const SLEEPER = 'trap "exit 0" TERM; echo "waiting for work"; while :; do sleep 1; done'

async function demo(signal: AbortSignal): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'berth-demo-'))
  const undo: (() => Promise<void>)[] = [async () => rmSync(scratch, {force: true, recursive: true})]
  try {
    const engine = await findEngine()
    undo.unshift(() => engine.end())
    process.stdout.write(`Engine: ${engine.origin} (${engine.address})\n`)
    const image = await findImage(engine.address, scratch)
    undo.unshift(() => image.remove())
    process.stdout.write(`Image: ${image.name}, ${image.origin}\n`)
    const before = await footprint(engine.address)
    const berth = berthIn(scratch, engine.address, signal)
    undo.unshift(async () => void (await berth(['cluster', 'delete', 'demo', '--force', '--yes'], {silent: true})))
    await mainJob(berth, image.name)
    expect((await footprint(engine.address)) === before, 'The engine has other containers or volumes than before.')
  } finally {
    for (const step of undo) await undone(step)
  }
}

/** What cannot be undone is said and counts as a failure, and the rest is undone all the same. */
async function undone(step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (error) {
    process.stdout.write(`\nSomething is left behind: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}

/** The session of the README. */
async function mainJob(berth: Berth, image: string): Promise<void> {
  await succeed(berth, ['cluster', 'create', 'demo'])
  await succeed(berth, ['instance', 'join', 'local'])
  const attached = await berth(['task', 'run', '--image', image, '--memory', '64', '--', 'sh', '-c', 'echo hello from a task; exit 3'])
  process.stdout.write(`$ echo $?\n${attached.exitCode}\n`)
  expect(
    attached.exitCode === 3 && attached.stdout.includes('hello from a task'),
    'The attached task should print, and the shell should see 3.',
  )
  const started = await succeed(berth, ['task', 'run', '--image', image, '--memory', '64', '--detach', '--', 'sh', '-c', SLEEPER])
  const id = started.trim().split('\n').at(-1) ?? ''
  expect(/^[0-9a-f]{32}$/.test(id), 'The last line of a detached run should be the id of the task.')
  expect((await succeed(berth, ['task', 'list'])).includes(id.slice(0, 8)), 'The list should name the task.')
  expect((await succeed(berth, ['task', 'describe', id])).includes('RUNNING'), 'The description should say RUNNING.')
  await waitUntil('the first line of the task', async () => (await berth(['task', 'logs', id], {silent: true})).stdout !== '')
  expect((await succeed(berth, ['task', 'logs', id])).includes('waiting for work'), 'The logs should hold what the task printed.')
  await succeed(berth, ['task', 'stop', id])
  expect((await succeed(berth, ['task', 'describe', id])).includes('STOPPED'), 'The description should say STOPPED.')
  await succeed(berth, ['cluster', 'delete', 'demo', '--force', '--yes'])
}

/** Runs a command that must exit with 0; returns its stdout. */
async function succeed(berth: Berth, words: readonly string[]): Promise<string> {
  const {exitCode, stdout} = await berth(words)
  expect(exitCode === 0, `berth ${words.slice(0, 2).join(' ')} exited with ${exitCode}.`)
  return stdout
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}

/** The containers and volumes of the engine, as one text that is the same when they are the same. */
async function footprint(address: string): Promise<string> {
  const containers: readonly {readonly Id: string}[] = JSON.parse((await ask(address, 'GET', '/containers/json?all=1')).text)
  const volumes: {readonly Volumes: readonly {readonly Name: string}[] | null} = JSON.parse((await ask(address, 'GET', '/volumes')).text)
  const names = [...containers.map((container) => container.Id), ...(volumes.Volumes ?? []).map((volume) => volume.Name)]
  return names.sort().join('\n')
}

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort())
try {
  await demo(interruption.signal)
  process.stdout.write('\nThe demo ran to its end.\n')
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  process.stdout.write(`\nThe demo failed: ${interruption.signal.aborted ? 'it was interrupted.' : reason}\n`)
  process.exitCode = 1
}
