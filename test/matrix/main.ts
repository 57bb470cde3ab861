// `npm run test:matrix [asks|writes [OPERATION]]`: every operation on a real engine, killed at everything that it asks of the engine and before every write to a
// file; a table of what came of it. It ends with 1 where anything was not reached. Three quarters of an hour.
import {startHosts} from '../support/hosts/start.js'
import {stopRun} from '../support/hosts/stop.js'
import {descriptorOf} from '../support/hosts/descriptor.js'
import type {TestHosts} from '../support/hosts/test-hosts.js'
import {type Killed, killedAt, momentCount, type Operation, OPERATIONS} from './killed.js'
import {killedBefore, writesOf} from './killed-writes.js'

/** Each kill of an operation, one after the other. */
const KINDS: Readonly<Record<string, (hosts: TestHosts, name: string, operation: Operation) => AsyncGenerator<Killed>>> = {
  async *asks(hosts, name, operation) {
    const count = await momentCount(hosts, operation)
    process.stderr.write(`${name}: ${count} moments\n`)
    for (let at = 1; at <= count; at += 1) yield await killedAt(hosts, name, at)
  },
  async *writes(hosts, name, operation) {
    const writes = await writesOf(hosts, operation)
    process.stderr.write(`${name}: ${writes.length} writes\n`)
    for (const write of writes) yield await killedBefore(hosts, name, operation, write)
  },
}

const [kind, wanted] = process.argv.slice(2)
const hosts = await startHosts()
process.env['BERTH_TEST_HOSTS'] = descriptorOf(hosts)
const outcomes: string[] = []
try {
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    if (wanted !== undefined && wanted !== name) continue
    for (const [key, kills] of Object.entries(KINDS)) {
      if (kind !== undefined && kind !== key) continue
      for await (const {moment, outcome} of kills(hosts, name, operation)) {
        process.stdout.write(`| ${name} | ${moment || 'ended before'} | ${outcome} |\n`)
        outcomes.push(outcome)
      }
    }
  }
} finally {
  await stopRun(hosts)
}
const failed = outcomes.filter((outcome) => outcome !== 'reached').length
process.stdout.write(`\n${outcomes.length - failed} passed, ${failed} failed, 0 skipped\n`)
process.exitCode = failed > 0 || outcomes.length === 0 ? 1 : 0
