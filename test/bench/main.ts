// `npm run bench [start-up] [commit] [place] [rebuild] [settle] [list] [run] [chain] [follow] [swarm] [--json FILE]`: medians and ratios in
// one table. It measures; it never judges. Of `swarm`, `--rounds N` says how often, and `--only CASE` which cases (repeatable).
import {writeFileSync} from 'node:fs'
import {parseArgs} from 'node:util'
import {startHosts} from '../support/hosts/start.js'
import {stopRun} from '../support/hosts/stop.js'
import type {TestHosts} from '../support/hosts/test-hosts.js'
import {type BesideOptions, measureBesideSwarm} from './beside-swarm.js'
import {measureChain} from './chain.js'
import {measureCommitting} from './committing.js'
import {type Figure, figureLine, figureTable} from './figure.js'
import {measureFollowing} from './following.js'
import {measureLaunching} from './launching.js'
import {measureListing} from './listing.js'
import {describeMachine, loadNow, machineText} from './machine.js'
import {measurePlacing} from './placing.js'
import {measureRebuilding} from './rebuilding.js'
import {measureSettling} from './settling.js'
import {measureStartUp} from './start-up.js'

const ON_HOSTS: Readonly<Record<string, (hosts: TestHosts, options: BesideOptions) => AsyncGenerator<Figure>>> = {
  list: measureListing,
  run: measureLaunching,
  chain: measureChain,
  follow: measureFollowing,
  swarm: measureBesideSwarm,
}
const ALONE: Readonly<Record<string, () => AsyncGenerator<Figure>>> = {
  'start-up': measureStartUp,
  commit: measureCommitting,
  place: measurePlacing,
  rebuild: measureRebuilding,
  settle: measureSettling,
}
const NAMES = [...Object.keys(ALONE), ...Object.keys(ON_HOSTS)]

/** The figures of these groups; hosts are started where one needs them, and are down again when it ends, or is ended. */
async function* measure(names: readonly string[], options: BesideOptions): AsyncGenerator<Figure> {
  for (const name of names) if (ALONE[name]) yield* ALONE[name]()
  const onHosts = names.flatMap((name) => ON_HOSTS[name] ?? [])
  if (onHosts.length === 0) return
  const hosts = await startHosts()
  try {
    for (const group of onHosts) yield* group(hosts, options)
  } finally {
    await stopRun(hosts)
  }
}

/** All figures, or those that were there when a signal came. Each is told on stderr as soon as it is known. */
async function collect(names: readonly string[], wanted: Omit<BesideOptions, 'signal'>): Promise<readonly Figure[]> {
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interruption.abort())
  const figures: Figure[] = []
  try {
    for await (const figure of measure(names, {...wanted, signal: interruption.signal})) {
      process.stderr.write(`${figureLine(figure)}\n`)
      figures.push(figure)
      if (interruption.signal.aborted) break
    }
  } catch (error) {
    // What an interrupted group says of its end is no news.
    if (!interruption.signal.aborted) throw error
  }
  return figures
}

const {positionals, values} = parseArgs({
  allowPositionals: true,
  options: {json: {type: 'string'}, only: {type: 'string', multiple: true, default: []}, rounds: {type: 'string', default: '3'}},
})
const rounds = Number(values.rounds)
const unknown = positionals.filter((name) => !NAMES.includes(name))
if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  const fault = unknown.length > 0 ? `There is no figure "${unknown.join('", "')}": ${NAMES.join(', ')}.` : '--rounds is a number from 1.'
  process.stderr.write(`${fault}\n`)
  process.exitCode = 2
} else {
  const before = await loadNow()
  const figures = await collect(positionals.length === 0 ? NAMES : positionals, {only: values.only, rounds})
  const machine = await describeMachine(before, await loadNow())
  process.stdout.write(`${machineText(machine)}\n${figureTable(figures)}`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({machine, figures}, undefined, 2)}\n`)
}
