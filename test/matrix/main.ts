// `npm run test:matrix [OPERATION]`: every operation on a real engine, killed at every moment; a table of what came of it. It ends with 1 where anything was not
// reached. About a quarter of an hour.
import {startHosts} from '../support/hosts/start.js'
import {stopRun} from '../support/hosts/stop.js'
import {descriptorOf} from '../support/hosts/descriptor.js'
import {type Killed, killedAt, momentCount, OPERATIONS} from './killed.js'

const wanted = process.argv[2]
const hosts = await startHosts()
process.env['BERTH_TEST_HOSTS'] = descriptorOf(hosts)
const all: Killed[] = []
try {
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    if (wanted !== undefined && wanted !== name) continue
    const count = await momentCount(hosts.local, operation)
    process.stderr.write(`${name}: ${count} moments\n`)
    for (let at = 1; at <= count; at += 1) {
      const killed = await killedAt(hosts.local, name, at)
      if (killed.outcome !== 'reached') process.stderr.write(`  ${at} ${killed.moment}: ${killed.outcome}\n`)
      all.push(killed)
    }
  }
} finally {
  await stopRun(hosts)
}
for (const {moment, operation, outcome} of all) process.stdout.write(`| ${operation} | ${moment || 'ended before'} | ${outcome} |\n`)
const failed = all.filter(({outcome}) => outcome !== 'reached').length
process.stdout.write(`\n${all.length - failed} passed, ${failed} failed, 0 skipped\n`)
process.exitCode = failed > 0 ? 1 : 0
