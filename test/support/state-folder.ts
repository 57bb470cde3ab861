// A folder for one test's state, and handles on the state file in it.
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {StateFile, type StateFileOptions, type StateFileWorld} from '../../src/store/state-file.js'
import {SystemClock} from '../../src/system/clock.js'
import {RandomIds} from '../../src/system/ids.js'
import {SystemProcesses} from '../../src/system/process-identity.js'

/** The real clock, ids and processes. */
export function aStateFileWorld(): StateFileWorld {
  return {clock: new SystemClock(), ids: new RandomIds(), processes: new SystemProcesses()}
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
