// The file that says which hosts stand: written by who starts them, read by each test.
import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {stopRun} from './stop.js'
import type {TestHosts} from './test-hosts.js'

/** Where `npm run hosts up` writes the descriptor of this checkout. */
export function defaultDescriptor(): string {
  return join(tmpdir(), `${prefix()}standing.json`)
}

/** A descriptor of its own for the hosts of the process with this id. */
export function descriptorOf(pid: number): string {
  return join(tmpdir(), `${prefix()}run-${pid}.json`)
}

/** Writes the descriptor, whole or not at all. */
export function writeDescriptor(file: string, hosts: TestHosts): void {
  writeFileSync(`${file}.new`, JSON.stringify(hosts, undefined, 2))
  renameSync(`${file}.new`, file)
}

/** The hosts of this descriptor; `undefined` when there is no such file. */
export function readDescriptor(file: string): TestHosts | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

/**
 * The hosts that stand for this test: those of the descriptor that BERTH_TEST_HOSTS names, otherwise of this checkout.
 * Throws when there are none: a test that needs hosts never passes without them.
 */
export function loadHosts(): TestHosts {
  const hosts = readDescriptor(process.env.BERTH_TEST_HOSTS ?? defaultDescriptor())
  if (!hosts) throw new Error('This test needs real hosts and none stand. Start them with `npm run hosts up`, or run `npm test`.')
  return hosts
}

/** Takes the hosts of the descriptor down and removes it; `false` when there was none. */
export async function stopDescribed(file: string): Promise<boolean> {
  const hosts = readDescriptor(file)
  if (!hosts) return false
  await stopRun(hosts)
  rmSync(file, {force: true})
  return true
}

/** Takes down what earlier runs of this checkout left because they were killed: hosts whose owner is gone. */
export async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter(file => file.startsWith(prefix()) && file.endsWith('.json'))) {
    const file = join(tmpdir(), name)
    const owner = readDescriptor(file)?.owner
    if (owner && startOf(owner.pid) !== owner.startedAt) await stopDescribed(file)
  }
}

/** This process as the owner of hosts. */
export function thisProcess(): NonNullable<TestHosts['owner']> {
  return {pid: process.pid, startedAt: startOf(process.pid) ?? ''}
}

/** When the process of this id started, in ticks since boot; `undefined` when there is none. Tells a process from a later one of its id. */
function startOf(pid: number): string | undefined {
  try {
    // The second field is the program's name in brackets and may hold blanks: count from the last bracket.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.trim().split(' ')[19]
  } catch {
    // No such process.
    return undefined
  }
}

function prefix(): string {
  const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')
  return `berth-test-${createHash('sha256').update(checkout).digest('hex').slice(0, 8)}-`
}
