// Commands on a real engine, killed before or after one of the things that they ask of it, and typed once more: what each is to come to, and what is looked at.
import {docker} from '../support/hosts/engine.js'
import type {TestHost, TestHosts} from '../support/hosts/test-hosts.js'
import type {Session} from '../support/session.js'
import {stateIn} from '../support/state-folder.js'
import {instancesOn, onStage, SPARE} from './stage.js'

const RUN = ['task', 'run', 'pair', '--count', '3', '--detach']
const SERVICE = ['service', 'create', 'web', '--task-definition', 'served:1', '--desired-count', '2', '--healthy-after', '1s']

export interface Operation {
  readonly words: readonly string[]
  /** What runs before it. */
  readonly before: readonly (readonly string[])[]
  /** May it be typed again when all was done? Else it would be a new one. */
  readonly isRepeatable?: true
  /** How many containers there are in the end, and how many of them run, by host and definition. */
  readonly containers: readonly [all: number, running: Readonly<Record<string, number>>]
  /** The records that are left: instances and tasks. */
  readonly records: readonly [instances: number, tasks: number]
}

/** By the name that a person would give them; what they say of `local` and `spare` are the instances, of which the second joins for services alone. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'task run --count 3': {words: RUN, before: [], containers: [6, {'local pair:1': 6}], records: [1, 3]},
  'task stop': {words: ['task', 'stop', '--timeout', '1', '--yes', 'TASKS'], before: [RUN], containers: [6, {}], records: [1, 3]},
  'instance leave': {words: ['instance', 'leave', 'local', '--yes'], before: [], containers: [0, {}], records: [0, 0]},
  'cluster delete --force': {words: ['cluster', 'delete', 'prod', '--force', '--yes'], before: [RUN], containers: [0, {}], records: [0, 0]},
  'service update': {
    words: ['service', 'update', 'web', '--task-definition', 'served:2'],
    before: [SPARE, SERVICE],
    isRepeatable: true,
    containers: [4, {'local served:2': 1, 'spare served:2': 1}],
    records: [2, 4],
  },
  'instance drain --wait': {
    words: ['instance', 'drain', 'local', '--wait'],
    before: [SPARE, SERVICE],
    isRepeatable: true,
    containers: [3, {'spare served:1': 2}],
    records: [2, 3],
  },
}

/** What came of one kill. */
export interface Killed {
  readonly operation: string
  /** `before POST /containers/create`, `before rename state.json.new`; '' where the command ended before it came to so many. */
  readonly moment: string
  /** 'reached', or what was wrong. */
  readonly outcome: string
}

/** The number of moments that the operation has when nobody kills it. */
export async function momentCount(hosts: TestHosts, operation: Operation): Promise<number> {
  return onStage(hosts, operation, async ({countdown, session, words}) => {
    const watched = countdown.arm(Number.POSITIVE_INFINITY, () => undefined)
    await session.text(...words)
    return watched.moments.length
  })
}

/** Kills the operation at its n-th moment, types it once more, and looks. */
export async function killedAt(hosts: TestHosts, name: string, at: number): Promise<Killed> {
  const operation = OPERATIONS[name]
  if (!operation) throw new Error(`There is no operation ${name}.`)
  return onStage(hosts, operation, async ({countdown, session, words}) => {
    const run = session.start(words)
    const {moments} = countdown.arm(at, () => void run.kill('SIGKILL'))
    await run
    const moment = moments[at - 1] ?? ''
    countdown.arm(Number.POSITIVE_INFINITY, () => undefined)
    return {operation: name, moment, outcome: await typedAgain({hosts, operation, session, words})}
  })
}

/** What a killed command left, made good by typing it once more: 'reached', or what is not as it should be. */
export async function typedAgain({hosts, operation, session, words}: Left): Promise<string> {
  if (operation.isRepeatable || !isDone(session, operation)) await session.berth(...words)
  return (await faultOf(hosts, session, operation)) ?? 'reached'
}

interface Left {
  readonly hosts: TestHosts
  readonly operation: Operation
  readonly session: Session
  readonly words: readonly string[]
}

/** A command that had all done when it was killed is not typed again: it would be a new one. */
function isDone(session: Session, {containers: [, running], records: [instances, tasks]}: Operation): boolean {
  const state = stateIn(session.stateFile)
  const counts = [Object.keys(state.instances).length, Object.keys(state.tasks).length]
  const wanted = Object.keys(running).length > 0 ? 'RUNNING' : 'STOPPED'
  const isSettled = Object.values(state.tasks).every(({desiredStatus, lastStatus}) => desiredStatus === wanted && lastStatus === wanted)
  return Object.keys(state.intents).length === 0 && counts[0] === instances && counts[1] === tasks && isSettled
}

/** What is not as it should be; `undefined` where all is. */
async function faultOf(hosts: TestHosts, session: Session, {containers, records}: Operation): Promise<string | undefined> {
  const {instances, intents, tasks} = stateIn(session.stateFile)
  const both = Object.entries(instancesOn(hosts))
  const count = async (look: (host: TestHost) => Promise<readonly string[]>) =>
    (await Promise.all(both.map(async ([name, host]) => (await look(host)).map((one) => `${name} ${one}`)))).flat().sort()
  const found = {
    containers: [(await count((host) => definitionsOf(host))).length, tally(await count((host) => definitionsOf(host, 'status=running')))],
    records: [Object.keys(instances).length, Object.keys(tasks).length],
    intents: Object.keys(intents).length,
    marks: (await count((host) => volumesOf(host, 'berth-instance-'))).length,
    // What is kept to make a state anew: as much as there is to keep, and nothing where there is no instance.
    hasRecords: (await count((host) => volumesOf(host, 'berth-record-'))).length > 0,
  }
  const [marks] = records
  const wanted = {containers, records, intents: 0, marks, hasRecords: marks > 0}
  return JSON.stringify(found) === JSON.stringify(wanted) ? undefined : `${JSON.stringify(found)} in place of ${JSON.stringify(wanted)}`
}

/** How often each is there, in their order. */
function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

async function volumesOf(host: TestHost, name: string): Promise<readonly string[]> {
  return lines(await docker(host, 'volume', 'ls', '-q', '--filter', `name=${name}`))
}

/** The definition of each container of ours. */
async function definitionsOf(host: TestHost, filter = 'name=berth-'): Promise<readonly string[]> {
  const format = '{{.Label "berth.definition"}}'
  return lines(await docker(host, 'ps', '-a', '--format', format, '--filter', 'label=berth.task', '--filter', filter))
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter(Boolean)
}
