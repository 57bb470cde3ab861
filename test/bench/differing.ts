// Many tasks of which no two are alike, on one fleet: how many are placed a second, how that grows with the fleet, and what it holds.
import {execFile} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import type {DifferingCase} from './differing-case.js'
import type {CountFigure, RateFigure} from './figure.js'
import {CHAIN, CURVE, SIZES, STRATEGIES} from './fleets.js'
import {median} from './pairs.js'

const ROUNDS = 3
const CASE = fileURLToPath(new URL('differing-case.ts', import.meta.url))

export async function* measureDiffering(): AsyncGenerator<CountFigure | RateFigure> {
  for (const instances of SIZES)
    for (const strategy of Object.keys(STRATEGIES)) {
      const cases = await rounds(instances, strategy)
      yield rate(instances, strategy, cases)
      if (instances !== SIZES.at(-1)) continue
      yield memory(instances, strategy, cases)
    }
  for (const instances of CURVE) yield rate(instances, CHAIN, await rounds(instances, CHAIN))
}

async function rounds(instances: number, strategy: string): Promise<readonly DifferingCase[]> {
  const cases: DifferingCase[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const {stdout} = await promisify(execFile)(process.execPath, ['--import', 'tsx', CASE, String(instances), strategy])
    cases.push(JSON.parse(stdout) as DifferingCase)
  }
  return cases
}

function rate(instances: number, strategy: string, cases: readonly DifferingCase[]): RateFigure {
  const medianMs = median(cases.map(({tookMs}) => tookMs))
  const taskCount = cases[0]?.taskCount ?? 0
  return {
    kind: 'rate',
    name: `${taskCount} different tasks on ${instances} instances, ${strategy}`,
    what: 'Seating.place() of one request after the other, in a process of its own',
    perSecond: Math.round((taskCount / medianMs) * 1000),
    medianMs,
    rounds: ROUNDS,
  }
}

function memory(instances: number, strategy: string, cases: readonly DifferingCase[]): CountFigure {
  return {
    kind: 'count',
    name: `memory of ${instances} instances and ${cases[0]?.taskCount} different tasks, ${strategy}`,
    what: 'the most that the process ever held, Node.js and the loader of TypeScript among it, in MB',
    count: median(cases.map(({memoryMB}) => memoryMB)),
    aim: '<= 500',
  }
}
