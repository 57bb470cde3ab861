// A process that works on a state, in a file or an etcd, for tests of what several processes do at once: `worker DEED PATH NUMBER`.
// It says on stdout, a line each, what it may be held to: a line is printed only after its deed is acknowledged.
import {writeSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'
import {KnownError} from '../../../src/errors.js'
import {put, type State} from '../../../src/model/state.js'
import {StateFile} from '../../../src/store/state-file.js'
import {etcdAccess} from '../../../src/store/etcd/access.js'
import {namesEtcd, parseEtcdAddress} from '../../../src/store/etcd/address.js'
import {EtcdStore} from '../../../src/store/etcd/etcd-store.js'
import {SystemProcesses} from '../../../src/system/process-identity.js'
import type {Changed, StateStore, Why} from '../../../src/world/store.js'
import {aStateFileWorld} from '../../support/state-folder.js'

/** Fifty at once on a busy machine: what is tested is that nothing is lost, not how fast the machine is. */
const PATIENT = {waitMs: 100_000, journalBytes: Number(process.env['JOURNAL_BYTES'] ?? 1_048_576)}
const WHY: Why = {because: 'a test', by: 'tester@here', command: 'worker'}
const world = aStateFileWorld()
const processes = new SystemProcesses()

const DEEDS: Readonly<Record<string, (path: string, count: number) => Promise<void>>> = {
  /** Adds one to the counter again and again; says how long each commit took, in ms. */
  async count(path, count) {
    const store = open(path)
    for (let n = 0; n < count; n++) {
      const began = performance.now()
      await store.update(WHY, addOne)
      say((performance.now() - began).toFixed(1))
    }
    await store.close()
  },

  /** Adds one to the counter until killed; says what it then was. */
  async countForEver(path) {
    const store = open(path)
    for (;;) say(String(await store.update(WHY, addOne)))
  },

  /** Puts so many families, of two kilobytes each, in one commit. */
  async putMany(path, count) {
    const store = open(path)
    say('begun')
    await store.update(WHY, (state) => ({result: undefined, state: {...state, families: manyFamilies(count)}}))
    say('done')
    await store.close()
  },

  /** Holds the lease `a` until killed. */
  async holdLease(path) {
    await open(path).lease('a', {...WHY, command: 'task run'}, new AbortController().signal)
    say('held')
    await sleep(600_000)
  },

  /** Holds the state's lock until killed. */
  async hold(path) {
    await world.locks.take(`${path}.lock`, {command: 'task run', maxPauseMs: 20})
    say('held')
    await sleep(600_000)
  },
}

function open(path: string): StateStore {
  if (!namesEtcd(path)) return new StateFile(world, path, PATIENT)
  const etcd = {...world, clients: () => processes}
  return new EtcdStore(etcd, parseEtcdAddress(path), () => etcdAccess(process.env), {patienceMs: 60_000, waitMs: 100_000})
}

/** As a record of a version to come might be: what a store keeps is not looked into. */
function manyFamilies(count: number): State['families'] {
  const padding = 'x'.repeat(2000)
  return Object.fromEntries(Array.from({length: count}, (_, index) => [`f${index}`, {lastRevision: 1, padding}]))
}

function addOne(state: State): Changed<number> {
  const lastRevision = (state.families.counter?.lastRevision ?? 0) + 1
  return {result: lastRevision, state: {...state, families: put(state.families, 'counter', {lastRevision})}}
}

/** At once, also when the process is killed right after. */
function say(line: string): void {
  writeSync(1, `${line}\n`)
}

const [deed = '', path = '', count = '1'] = process.argv.slice(2)
try {
  await DEEDS[deed]?.(path, Number(count))
} catch (error) {
  if (!(error instanceof KnownError)) throw error
  say(JSON.stringify({code: error.code, message: error.message}))
  process.exitCode = error.exitCode
}
