// The lock of a host, on real files and real processes.
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {RandomIds} from '../../../src/system/ids.js'
import {tryLock} from '../../../src/system/lock-file.js'
import {SystemProcesses} from '../../../src/system/process-identity.js'

const KEEPERS = {ids: new RandomIds(), processes: new SystemProcesses()}

describe('tryLock', () => {
  let folder: string
  let path: string

  beforeEach(() => {
    folder = mkdtempSync('/tmp/block-')
    path = join(folder, 'host.lock')
  })

  afterEach(() => rmSync(folder, {force: true, recursive: true}))

  it('gives the lock to one at a time, and leaves no file behind', async () => {
    const first = await tryLock(path, KEEPERS)
    const second = await tryLock(path, KEEPERS)
    await first?.release()
    const third = await tryLock(path, KEEPERS)
    await third?.release()

    expect([first, second, third].map((lock) => lock !== undefined)).to.deep.equal([true, false, true])
    expect(readdirSync(folder)).to.deep.equal([])
  })

  it('gives the lock of a process that has ended to exactly one of fifty who break it', async () => {
    const ended = spawnSync('true').pid
    writeFileSync(path, JSON.stringify({...KEEPERS.processes.self(), pid: ended}))

    const locks = await Promise.all(Array.from({length: 50}, () => tryLock(path, KEEPERS)))

    expect(locks.filter((lock) => lock !== undefined)).to.have.length(1)
    expect(readdirSync(folder)).to.deep.equal(['host.lock'])
  })

  it('breaks a lock whose number another process bears now, one of an earlier boot, and one without content', async () => {
    const self = KEEPERS.processes.self()

    for (const text of [JSON.stringify({...self, startedAt: '1'}), JSON.stringify({...self, bootId: 'earlier'}), '']) {
      writeFileSync(path, text)
      const lock = await tryLock(path, KEEPERS)
      expect(lock, text).to.not.equal(undefined)
      await lock?.release()
    }
  })

  it('does not give back a lock that is no longer its own', async () => {
    const lock = await tryLock(path, KEEPERS)
    const other = JSON.stringify({...KEEPERS.processes.self(), token: 'other'})
    writeFileSync(path, other)

    await lock?.release()

    expect(readdirSync(folder)).to.deep.equal(['host.lock'])
  })
})
