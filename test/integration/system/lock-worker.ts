// A process that takes and releases the lock at PATH, NUMBER times, dying with it in every third turn: `lock-worker DEED PATH NUMBER`.
// It says so on stdout when somebody else was inside, and when it has ended.
import {closeSync, openSync, renameSync, symlinkSync, unlinkSync, writeSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'
import {SystemClock} from '../../../src/system/clock.js'
import {SystemLocks} from '../../../src/system/locks.js'
import {SystemProcesses} from '../../../src/system/process-identity.js'

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
  symlinkSync(JSON.stringify({...new SystemProcesses().self(), command: `turn ${turn}`, since: '', startedAt: '1'}), draft)
  renameSync(draft, path)
}

/** At once, also when the process is killed right after. */
function say(line: string): void {
  writeSync(1, `${line}\n`)
}

const [, path = '', count = '1'] = process.argv.slice(2)
const locks = new SystemLocks(new SystemClock())
for (let turn = 0; turn < Number(count); turn++) {
  const {lock} = await locks.take(path, {command: 'worker', maxPauseMs: 20})
  await enterAlone(`${path}.inside`)
  if (turn % 3 === 0) leaveDeadLock(path, turn)
  else lock?.release()
}
say('ended')
