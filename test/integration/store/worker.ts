// A process that works on a state file or a lock, for tests of what several processes do at once: `worker DEED PATH NUMBER`.
// It says on stdout, a line each, what it may be held to: a line is printed only after its deed is acknowledged.
import {closeSync, openSync, renameSync, symlinkSync, unlinkSync, writeSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'
import {KnownError} from '../../../src/errors.js'
import {put, type State} from '../../../src/model/state.js'
import {takeLock} from '../../../src/store/lock.js'
import {StateFile} from '../../../src/store/state-file.js'
import {SystemClock} from '../../../src/system/clock.js'
import {RandomIds} from '../../../src/system/ids.js'
import {SystemProcesses} from '../../../src/system/process-identity.js'
import type {Changed, Why} from '../../../src/world/store.js'

/** Fifty at once on a busy machine: what is tested is that nothing is lost, not how fast the machine is. */
const PATIENT = {waitMs: 100_000}
const WHY: Why = {because: 'a test', by: 'tester@here', command: 'worker'}
const world = {clock: new SystemClock(), ids: new RandomIds(), processes: new SystemProcesses()}

const DEEDS: Readonly<Record<string, (path: string, count: number) => Promise<void>>> = {
  /** Adds one to the counter again and again; says how long each commit took, in ms. */
  async count(path, count) {
    const store = new StateFile(world, path, PATIENT)
    for (let n = 0; n < count; n++) {
      const began = performance.now()
      await store.update(WHY, addOne)
      say((performance.now() - began).toFixed(1))
    }
  },

  /** Adds one to the counter until killed; says what it then was. */
  async countForEver(path) {
    const store = new StateFile(world, path, PATIENT)
    for (;;) say(String(await store.update(WHY, addOne)))
  },

  /** Holds the state's lock until killed. */
  async hold(path) {
    await takeLock(`${path}.lock`, {...world, command: 'task run', guards: 'the state', maxPauseMs: 20})
    say('held')
    await sleep(600_000)
  },

  /** Takes and releases a lock again and again, dying with it in every third turn; says so when somebody else was inside. */
  async dieWithLock(path, count) {
    for (let turn = 0; turn < count; turn++) {
      const lock = await takeLock(path, {...world, command: 'worker', guards: 'the lock', maxPauseMs: 20})
      await enterAlone(`${path}.inside`)
      if (turn % 3 === 0) leaveDeadLock(path, turn)
      else lock.release()
    }
    say('ended')
  },
}

function addOne(state: State): Changed<number> {
  const lastRevision = (state.families.counter?.lastRevision ?? 0) + 1
  return {result: lastRevision, state: {...state, families: put(state.families, 'counter', {lastRevision})}}
}

/** Inside is a file that only one process at a time can create. */
async function enterAlone(path: string): Promise<void> {
  try {
    closeSync(openSync(path, 'wx'))
    await sleep(Math.random() * 2)
    unlinkSync(path)
  } catch {
    say('not alone')
  }
}

/** What the lock is when its holder was killed; put in its place at one blow, so that nobody comes in between. */
function leaveDeadLock(path: string, turn: number): void {
  const draft = `${path}.${process.pid}`
  symlinkSync(JSON.stringify({...world.processes.self(), command: `turn ${turn}`, since: '', startedAt: '1'}), draft)
  renameSync(draft, path)
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
