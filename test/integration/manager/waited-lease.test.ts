// Waiting for a lease of a real state file: the person is told for whom.
import {mkdtempSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {waitedLease} from '../../../src/manager/waited-lease.js'
import {StateFile} from '../../../src/store/state-file.js'
import {SystemClock} from '../../../src/system/clock.js'
import {RandomIds} from '../../../src/system/ids.js'
import {SystemLocks} from '../../../src/system/locks.js'
import type {World} from '../../../src/world/world.js'
import {emptyState} from '../../../src/model/state.js'
import {until} from '../../support/sshd.js'
import {aWorld} from './fake-world.js'

describe('a lease that is waited for', () => {
  let folder: string

  before(() => {
    folder = mkdtempSync('/tmp/bwl-')
  })

  after(() => rmSync(folder, {force: true, recursive: true}))

  it('tells after two seconds who holds it, and nothing where nobody does', async () => {
    const clock = new SystemClock()
    const store = new StateFile({clock, ids: new RandomIds(), locks: new SystemLocks(clock)}, join(folder, 'state.json'))
    const fake = aWorld({now: 0, state: emptyState('0'.repeat(32))})
    const world: World = {...fake, clock, store}
    const first = await waitedLease(world, 'join of web1', 'join web1')
    expect(fake.said).to.deep.equal([])

    const second = waitedLease(world, 'join of web1', 'join web1')
    await until(() => fake.said.length > 0, 'the word to who waits')
    await first.release()
    await (await second).release()

    expect(fake.said).to.have.length(1)
    expect(fake.said[0]).to.match(new RegExp(`^waiting for process ${process.pid}, "berth test", which holds "join of web1" since `))
  })
})
