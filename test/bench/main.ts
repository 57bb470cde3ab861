// `npm run bench [start-up] [commit] [place] [rebuild] [settle] [list] [run] [chain] [follow] [--json FILE]`: medians and ratios in one table. It measures; it never judges.
import {writeFileSync} from 'node:fs'
import {cpus} from 'node:os'
import {parseArgs} from 'node:util'
import {startHosts} from '../support/hosts/start.js'
import {stopRun} from '../support/hosts/stop.js'
import type {TestHosts} from '../support/hosts/test-hosts.js'
import {measureChain} from './chain.js'
import {measureCommitting} from './committing.js'
import {type Figure, figureLine, figureTable} from './figure.js'
import {measureFollowing} from './following.js'
import {measureLaunching} from './launching.js'
import {measureListing} from './listing.js'
import {measurePlacing} from './placing.js'
import {measureRebuilding} from './rebuilding.js'
import {measureSettling} from './settling.js'
import {measureStartUp} from './start-up.js'

const ON_HOSTS: Readonly<Record<string, (hosts: TestHosts) => AsyncGenerator<Figure>>> = {
  list: measureListing,
  run: measureLaunching,
  chain: measureChain,
  follow: measureFollowing,
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
async function* measure(names: readonly string[]): AsyncGenerator<Figure> {
  for (const name of names) if (ALONE[name]) yield* ALONE[name]()
  const onHosts = names.flatMap((name) => ON_HOSTS[name] ?? [])
  if (onHosts.length === 0) return
  const hosts = await startHosts()
  try {
    for (const group of onHosts) yield* group(hosts)
  } finally {
    await stopRun(hosts)
  }
}

/** All figures, or those that were there when a signal came. Each is told on stderr as soon as it is known. */
async function collect(names: readonly string[]): Promise<readonly Figure[]> {
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interruption.abort())
  const figures: Figure[] = []
  for await (const figure of measure(names)) {
    process.stderr.write(`${figureLine(figure)}\n`)
    figures.push(figure)
    if (interruption.signal.aborted) break
  }
  return figures
}

const {positionals, values} = parseArgs({allowPositionals: true, options: {json: {type: 'string'}}})
const unknown = positionals.filter((name) => !NAMES.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`There is no figure "${unknown.join('", "')}": ${NAMES.join(', ')}.\n`)
  process.exitCode = 2
} else {
  const figures = await collect(positionals.length === 0 ? NAMES : positionals)
  const machine = {cores: cpus().length, processor: cpus()[0]?.model ?? '', node: process.version}
  process.stdout.write(`${machine.cores} x ${machine.processor}, Node.js ${machine.node}\n\n${figureTable(figures)}`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({machine, figures}, undefined, 2)}\n`)
}
