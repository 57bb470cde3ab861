// A process that holds a lock of the state at PATH until it is killed: `lock-holder state|lease PATH`; the lease is named by LEASE.
import {writeSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'
import {StateFile} from '../../../src/store/state-file.js'
import {aStateFileWorld} from '../../support/state-folder.js'

const [deed, path = ''] = process.argv.slice(2)
const world = aStateFileWorld()
if (deed === 'state') await world.locks.take(`${path}.lock`, {command: 'task run', maxPauseMs: 20})
else {
  const why = {because: 'a test', by: 'tester@here', command: 'instance join'}
  await new StateFile(world, path).lease(process.env['LEASE'] ?? '', why, new AbortController().signal)
}
writeSync(1, 'held\n')
await sleep(600_000)
