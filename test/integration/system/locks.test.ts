// The lock between processes, on real files and real processes.
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync, unlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {SystemClock} from '../../../src/system/clock.js'
import {SystemLocks} from '../../../src/system/locks.js'
import {SystemProcesses} from '../../../src/system/process-identity.js'
import type {LockTerms} from '../../../src/world/locks.js'
import {rejectionOf} from '../../support/state-folder.js'
import {Workers} from '../../support/workers.js'

const SELF = new SystemProcesses().self()
const AT_ONCE: LockTerms = {command: 'test', maxPauseMs: 20, waitMs: 0}

describe('SystemLocks', function () {
  this.timeout(120_000)
  const locks = new SystemLocks(new SystemClock())
  let folder: string
  let path: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'berth-locks-'))
    path = join(folder, 'lock')
  })

  afterEach(() => rmSync(folder, {force: true, recursive: true}))

  it('gives the lock to one at a time, and leaves no file behind', async () => {
    const first = await locks.take(path, AT_ONCE)
    const second = await locks.take(path, AT_ONCE)
    first.lock?.release()
    const third = await locks.take(path, AT_ONCE)
    third.lock?.release()

    expect([first, second, third].map(({lock}) => lock !== undefined)).to.deep.equal([true, false, true])
    expect(readdirSync(folder)).to.deep.equal([])
  })

  it('gives the lock to who waits for it', async () => {
    const first = await locks.take(path, AT_ONCE)
    const second = locks.take(path, {...AT_ONCE, waitMs: 10_000})
    first.lock?.release()

    expect((await second).lock).to.not.equal(undefined)
  })

  it('answers who holds the lock when the wait was in vain', async () => {
    await locks.take(path, {...AT_ONCE, command: 'task run'})

    const answer = await locks.take(path, {...AT_ONCE, waitMs: 50})

    expect(answer).to.have.property('path', path)
    expect(answer).to.have.property('waitedMs').that.is.within(50, 5000)
    expect(answer).to.have.property('holder').that.includes({command: 'task run', pid: process.pid})
  })

  it('ends the wait with the reason of its signal', async () => {
    await locks.take(path, AT_ONCE)
    const interrupted = new AbortController()
    const waiting = locks.take(path, {command: 'test', maxPauseMs: 60_000, signal: interrupted.signal})

    interrupted.abort(new Error('Interrupted.'))

    expect(await rejectionOf(waiting)).to.equal(interrupted.signal.reason)
  })

  it('gives the lock of a process that has ended to exactly one of fifty who break it', async () => {
    symlinkSync(JSON.stringify({...SELF, pid: spawnSync('true').pid}), path)

    const answers = await Promise.all(Array.from({length: 50}, () => locks.take(path, AT_ONCE)))

    expect(answers.filter(({lock}) => lock !== undefined)).to.have.length(1)
    expect(readdirSync(folder)).to.deep.equal(['lock'])
  })

  it('breaks a lock whose number another process bears now, one of an earlier boot, and one that names nobody', async () => {
    const dead = [{...SELF, startedAt: '1'}, {...SELF, bootId: 'earlier'}, {pid: 1}].map((holder) => JSON.stringify(holder))

    for (const text of [...dead, ' ', 'not JSON']) {
      symlinkSync(text, path)
      const {lock} = await locks.take(path, AT_ONCE)
      expect(lock, text).to.not.equal(undefined)
      lock?.release()
    }
  })

  it('breaks a file that is no link', async () => {
    writeFileSync(path, '')

    expect((await locks.take(path, AT_ONCE)).lock).to.not.equal(undefined)
  })

  it('does not give back a lock that is no longer its own', async () => {
    const {lock} = await locks.take(path, AT_ONCE)
    const other = JSON.stringify({...SELF, command: 'another'})
    unlinkSync(path)
    symlinkSync(other, path)

    lock?.release()

    expect(readlinkSync(path)).to.equal(other)
  })

  it('lets only one hold a lock at a time, however many holders die and however many break their locks', async () => {
    const workers = new Workers(new URL('lock-worker.ts', import.meta.url))
    try {
      symlinkSync(JSON.stringify({...SELF, command: 'died long ago', since: '', startedAt: '1'}), path)

      const all = Array.from({length: 50}, () => workers.start('dieWithLock', path, 9))
      const codes = await Promise.all(all.map(({ended}) => ended))

      expect(codes).to.deep.equal(all.map(() => 0))
      expect(all.map(({said}) => said)).to.deep.equal(all.map(() => ['ended']))
      expect(readdirSync(folder).filter((name) => name !== 'lock')).to.deep.equal([])
    } finally {
      await workers.close()
    }
  })
})
