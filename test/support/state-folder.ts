// A folder for one test's state, handles on the state file in it, and a small change to commit.
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {KnownError} from '../../src/errors.js'
import {put, type State} from '../../src/model/state.js'
import {StateFile, type StateFileOptions, type StateFileWorld} from '../../src/store/state-file.js'
import {StateReader} from '../../src/store/state-reader.js'
import {SystemClock} from '../../src/system/clock.js'
import {RandomIds} from '../../src/system/ids.js'
import {SystemLocks} from '../../src/system/locks.js'
import type {Changed, Why} from '../../src/world/store.js'

export const TEST_WHY: Why = {because: 'a test', by: 'tester@here', command: 'test'}

/** The real clock, ids and locks. */
export function aStateFileWorld(): StateFileWorld {
  const clock = new SystemClock()
  return {clock, ids: new RandomIds(), locks: new SystemLocks(clock)}
}

/** A folder of its own under the system's temporary one. */
export class StateFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'berth-store-'))
  readonly file = join(this.path, 'state.json')

  /** Another handle on the state file, as another process would have. */
  open(options: StateFileOptions = {}): StateFile {
    return new StateFile(aStateFileWorld(), this.file, options)
  }

  remove(): void {
    rmSync(this.path, {force: true, recursive: true})
  }
}

/** A change that puts a family of that name. */
export function addFamily(name: string): (state: State) => Changed<undefined> {
  return (state) => ({result: undefined, state: {...state, families: put(state.families, name, {lastRevision: 1})}})
}

/** What the promise was rejected with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<KnownError> {
  const outcome = await promise.then(
    () => undefined,
    (error: KnownError) => error,
  )
  if (outcome === undefined) throw new Error('It was not rejected.')
  return outcome
}

/** The newest state of the file, with what its journal says. */
export function stateIn(file: string): State {
  const state = new StateReader().read(file)?.state
  if (!state) throw new Error(`There is no state at ${file}.`)
  return state
}
