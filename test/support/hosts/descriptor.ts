// The file that says which hosts stand: written by who starts them, read by each test.
import {createHash} from 'node:crypto'
import {existsSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {checkout} from './runs.js'
import type {TestHosts} from './test-hosts.js'

/** Where `npm run hosts up` writes the descriptor of this checkout. */
export function standingDescriptor(): string {
  const key = createHash('sha256').update(checkout()).digest('hex').slice(0, 8)
  return join(tmpdir(), `berth-standing-hosts-${key}.json`)
}

/** Where the descriptor of these hosts lies among their own files; it goes with them. */
export function descriptorOf(hosts: TestHosts): string {
  return join(hosts.folder, 'hosts.json')
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
 * The hosts that stand for this test: those of the descriptor that BERTH_TEST_HOSTS names, otherwise those of `npm run hosts up`.
 * Throws when there are none: a test that needs hosts never passes without them.
 */
export function loadHosts(): TestHosts {
  const hosts = readDescriptor(process.env.BERTH_TEST_HOSTS ?? standingDescriptor())
  if (!hosts) throw new Error('This test needs real hosts and none stand. Start them with `npm run hosts up`, or run `npm test`.')
  return hosts
}
