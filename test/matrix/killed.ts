// Commands on a real engine, killed before or after one of the things that they ask of it, and typed once more: the stage that is set for each, and what is looked at.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {docker} from '../support/hosts/engine.js'
import type {TestHost} from '../support/hosts/test-hosts.js'
import {KillingProxy} from '../support/killing-proxy.js'
import {openSession, type Session} from '../support/session.js'
import {stateIn} from '../support/state-folder.js'

const SLEEPS = {image: 'busybox:test', memory: 16, command: ['sh', '-c', 'trap "exit 143" TERM; sleep 600 & wait']}
const DEFINITION = {family: 'pair', containerDefinitions: ['web', 'helper'].map((name) => ({name, ...SLEEPS}))}
const RUN = ['task', 'run', 'pair', '--count', '3', '--detach']

export interface Operation {
  readonly words: readonly string[]
  /** What runs before it. */
  readonly before: readonly (readonly string[])[]
  /** How many containers there are in the end, and how many of them run. */
  readonly containers: readonly [all: number, running: number]
  /** The records that are left: instances and tasks. */
  readonly records: readonly [instances: number, tasks: number]
}

/** By the name that a person would give them; what they say of `local` is the instance. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'task run --count 3': {words: RUN, before: [], containers: [6, 6], records: [1, 3]},
  'task stop': {words: ['task', 'stop', '--timeout', '1', '--yes', 'TASKS'], before: [RUN], containers: [6, 0], records: [1, 3]},
  'instance leave': {words: ['instance', 'leave', 'local', '--yes'], before: [], containers: [0, 0], records: [0, 0]},
  'cluster delete --force': {words: ['cluster', 'delete', 'prod', '--force', '--yes'], before: [RUN], containers: [0, 0], records: [0, 0]},
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
export async function momentCount(host: TestHost, operation: Operation): Promise<number> {
  return onStage(host, operation, async ({proxy, session, words}) => {
    const watched = proxy.arm(Number.POSITIVE_INFINITY, () => undefined)
    await session.text(...words)
    return watched.moments.length
  })
}

/** Kills the operation at its n-th moment, types it once more, and looks. */
export async function killedAt(host: TestHost, name: string, at: number): Promise<Killed> {
  const operation = OPERATIONS[name]
  if (!operation) throw new Error(`There is no operation ${name}.`)
  return onStage(host, operation, async ({proxy, session, words}) => {
    const run = session.start(words)
    const {moments} = proxy.arm(at, () => void run.kill('SIGKILL'))
    await run
    const moment = moments[at - 1] ?? ''
    proxy.arm(Number.POSITIVE_INFINITY, () => undefined)
    return {operation: name, moment, outcome: await typedAgain({host, operation, session, words})}
  })
}

/** What a killed command left, made good by typing it once more: 'reached', or what is not as it should be. */
export async function typedAgain({host, operation, session, words}: Left): Promise<string> {
  if (!isDone(session, operation)) await session.berth(...words)
  return (await faultOf(host, session, operation)) ?? 'reached'
}

interface Left {
  readonly host: TestHost
  readonly operation: Operation
  readonly session: Session
  readonly words: readonly string[]
}

export interface Stage {
  readonly proxy: KillingProxy
  readonly session: Session
  readonly words: readonly string[]
}

/** A cluster whose only host is reached through the proxy; nothing of it is left afterwards. */
export async function onStage<T>(host: TestHost, {before, words}: Operation, use: (stage: Stage) => Promise<T>): Promise<T> {
  const proxy = await KillingProxy.start(host.socketPath)
  const session = await openSession()
  try {
    await session.text('cluster', 'create', 'prod')
    await session.text('instance', 'join', `unix://${proxy.socketPath}`, '--name', 'local')
    const file = join(session.folder, 'pair.json')
    await writeFile(file, JSON.stringify(DEFINITION))
    await session.text('task-definition', 'register', file)
    for (const one of before) await session.text(...one)
    const ids = Object.keys(stateIn(session.stateFile).tasks)
    return await use({proxy, session, words: words.flatMap((word) => (word === 'TASKS' ? ids : [word]))})
  } finally {
    await session.berth('state', 'resume')
    await session.berth('cluster', 'delete', 'prod', '--force', '--yes')
    await session.close()
    await proxy.stop()
  }
}

/** A command that had all done when it was killed is not typed again: it would be a new one. */
function isDone(session: Session, {containers: [, running], records: [instances, tasks]}: Operation): boolean {
  const state = stateIn(session.stateFile)
  const counts = [Object.keys(state.instances).length, Object.keys(state.tasks).length]
  const wanted = running > 0 ? 'RUNNING' : 'STOPPED'
  const isSettled = Object.values(state.tasks).every(({desiredStatus, lastStatus}) => desiredStatus === wanted && lastStatus === wanted)
  return Object.keys(state.intents).length === 0 && counts[0] === instances && counts[1] === tasks && isSettled
}

/** What is not as it should be; `undefined` where all is. */
async function faultOf(host: TestHost, session: Session, operation: Operation): Promise<string | undefined> {
  const {instances, intents, tasks} = stateIn(session.stateFile)
  const found = {
    containers: [await countOf(host), await countOf(host, 'status=running')],
    records: [Object.keys(instances).length, Object.keys(tasks).length],
    intents: Object.keys(intents).length,
    marks: await volumesOf(host, 'berth-instance-'),
    // What is kept to make a state anew: as much as there is to keep, and nothing where there is no instance.
    hasRecords: (await volumesOf(host, 'berth-record-')) > 0,
  }
  const [marks] = operation.records
  const wanted = {containers: operation.containers, records: operation.records, intents: 0, marks, hasRecords: marks > 0}
  return JSON.stringify(found) === JSON.stringify(wanted) ? undefined : `${JSON.stringify(found)} in place of ${JSON.stringify(wanted)}`
}

async function volumesOf(host: TestHost, name: string): Promise<number> {
  return (await docker(host, 'volume', 'ls', '-q', '--filter', `name=${name}`)).split('\n').filter(Boolean).length
}

async function countOf(host: TestHost, filter = 'name=berth-'): Promise<number> {
  const ids = await docker(host, 'ps', '-aq', '--filter', 'label=berth.task', '--filter', filter)
  return ids.split('\n').filter(Boolean).length
}
