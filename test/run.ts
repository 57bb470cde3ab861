// `npm test`: the suites one after the other, on real hosts that stand for the run alone.
// The last line of stdout is `N passed, N failed, N skipped`, in this form and on every path.
import {descriptorOf} from './support/hosts/descriptor.js'
import {sweep} from './support/hosts/runs.js'
import {startHosts} from './support/hosts/start.js'
import {stopRun} from './support/hosts/stop.js'
import type {TestHosts} from './support/hosts/test-hosts.js'
import {add, NOTHING, type Outcome, runSuite, type Suite, SUITES} from './support/suites.js'

/** The suites of these names, in the fixed order; all of them when none is named. A name that is none is said, and nothing is run. */
function suitesNamed(names: readonly string[]): readonly Suite[] {
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name))
  if (unknown.length === 0) return names.length === 0 ? SUITES : SUITES.filter((suite) => names.includes(suite.name))
  process.stderr.write(`There is no suite "${unknown.join('", "')}": ${SUITES.map((suite) => suite.name).join(', ')}.\n`)
  return []
}

/** Runs the suites; hosts that this run started are down again when it comes back. */
async function runSuites(suites: readonly Suite[], signal: AbortSignal): Promise<Outcome> {
  let hosts: TestHosts | undefined
  let total = NOTHING
  try {
    if (suites.some((suite) => suite.needsHosts) && process.env.BERTH_TEST_HOSTS === undefined) hosts = await startHosts()
    const environment = hosts ? {...process.env, BERTH_TEST_HOSTS: descriptorOf(hosts)} : process.env
    for (const suite of suites) {
      if (signal.aborted) break
      process.stdout.write(`\n== ${suite.name} ==\n`)
      total = add(total, await runSuite(suite, environment, signal))
    }
  } catch (error) {
    // The hosts did not start: said here, and counted, so that the last line cannot look like success.
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
    total = add(total, {...NOTHING, failed: 1})
  }
  return add(total, await stopped(hosts))
}

/**
 * Nothing, when the hosts could be taken down; otherwise one failure, for what they leave on the machine.
 * Hosts that a test started for itself go too, if that test was killed before it could stop them.
 */
async function stopped(hosts: TestHosts | undefined): Promise<Outcome> {
  try {
    if (hosts) await stopRun(hosts)
    await sweep()
    return NOTHING
  } catch (error) {
    // The run ends all the same, with the reason on the screen.
    process.stderr.write(`\nThe test hosts did not end: ${error instanceof Error ? error.message : String(error)}\n`)
    return {...NOTHING, failed: 1}
  }
}

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort())
const suites = suitesNamed(process.argv.slice(2))
const total = await runSuites(suites, interruption.signal)
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`)
process.exitCode = interruption.signal.aborted ? 130 : total.failed > 0 || total.passed === 0 ? 1 : 0
