import {execFileSync} from 'node:child_process'
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {type KnownError, StateError} from '../../../src/errors.js'
import {StateFile} from '../../../src/store/state-file.js'
import {addFamily, aStateFileWorld, rejectionOf, StateFolder, TEST_WHY} from '../../support/state-folder.js'
import {Workers} from '../../support/workers.js'

describe('a state file on a bad disk', function () {
  this.timeout(30_000)
  let folder: StateFolder
  /** Where a file system of the test's own is mounted, and the state file on it. */
  let mountPoint: string
  let store: StateFile
  beforeEach(() => {
    folder = new StateFolder()
    mountPoint = join(folder.path, 'disk')
    mkdirSync(mountPoint, {mode: 0o700})
    store = new StateFile(aStateFileWorld(), join(mountPoint, 'state.json'))
  })
  afterEach(() => {
    // Twice where something was mounted over; in the end there is nothing to unmount, which is what is wanted.
    while (isMounted(mountPoint)) execFileSync('umount', [mountPoint])
    folder.remove()
  })

  it('that is full is as before, says so, and takes commits again when there is room', async () => {
    mount('-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'tmpfs')
    await store.update(TEST_WHY, addFamily('a'))
    const before = contentOf(mountPoint)
    fill(join(mountPoint, 'filler'))

    const error = await rejectionOf(store.update(TEST_WHY, addFamily('b'.repeat(20_000))))

    expectFault(
      error,
      'StateDiskFull',
      /^The state file ".*\/state\.json" could not be written, because no space or no inode is left on its file system; it is as it was before\.$/,
      /^df -h /,
    )
    rmSync(join(mountPoint, 'filler'))
    expect(contentOf(mountPoint)).to.deep.equal(before)
    expect((await store.read()).state.families).to.have.keys('a')
    await store.update(TEST_WHY, addFamily('c'))
    expect((await store.read()).state.families).to.have.keys('a', 'c')
  })

  it('that has no inodes left is as before, says so, and takes commits with one for the lock', async () => {
    mount('-t', 'tmpfs', '-o', 'nr_inodes=40,mode=0700', 'tmpfs')
    await store.update(TEST_WHY, addFamily('a'))
    const before = contentOf(mountPoint)
    const fillers = useUpInodes(mountPoint)

    const error = await rejectionOf(store.update(TEST_WHY, addFamily('b')))

    expectFault(error, 'StateDiskFull', /no space or no inode is left/, /^df -h /)
    expect(error.suggestions[1]).to.match(/^df -i /)
    for (const filler of fillers.slice(0, 1)) rmSync(filler)
    await store.update(TEST_WHY, addFamily('b'))
    for (const filler of fillers) rmSync(filler, {force: true})
    expect(contentOf(mountPoint)).to.deep.include({'state.json': before['state.json']})
    expect((await store.read()).state.families).to.have.keys('a', 'b')
  })

  it('that is read-only can be read, but not written', async () => {
    await store.update(TEST_WHY, addFamily('a'))
    const before = contentOf(mountPoint)
    mount('--bind', mountPoint)
    execFileSync('mount', ['-o', 'remount,bind,ro', mountPoint])

    const error = await rejectionOf(store.update(TEST_WHY, addFamily('b')))

    expectFault(
      error,
      'StateNotWritable',
      /could not be written, because its file system is read-only; it is as it was before\.$/,
      /^ls -ld /,
    )
    expect((await store.read()).state.families).to.have.keys('a')
    expect(contentOf(mountPoint)).to.deep.equal(before)
  })

  for (const {which, end, written} of [
    {which: 'first snapshot', end: '/state.json.new', written: false},
    {which: 'folder', end: '', written: false},
    {which: 'first line of the journal', end: '/state.json.journal', written: false},
    {which: 'next line of the journal', end: '/state.json.journal', written: true},
  ])
    it(`that cannot sync the ${which} leaves the old state behind, and says so`, async () => {
      if (written) await store.update(TEST_WHY, addFamily('a'))
      const before = (await store.read()).state.families
      const workers = new Workers(new URL('worker.ts', import.meta.url))

      try {
        const worker = workers.start('count', store.location, 1, [
          ...['strace', '-f', '-qq', '-o', '/dev/null', '-P', mountPoint + end],
          ...['-e', 'inject=fsync,fdatasync:error=EIO'],
        ])

        expect(await worker.ended).to.equal(8)
        expect(JSON.parse(worker.said[0] ?? '{}')).to.have.property('code', 'StateNotWritable')
        expect(JSON.parse(worker.said[0] ?? '{}'))
          .to.have.property('message')
          .that.matches(/because the disk reported an input\/output error; it is as it was before\.$/)
      } finally {
        await workers.close()
      }
      const again = new StateFile(aStateFileWorld(), store.location)
      expect((await again.read()).state.families).to.deep.equal(before)
      await again.update(TEST_WHY, addFamily('z'))
      expect((await again.read()).state.families).to.deep.equal({...before, z: {lastRevision: 1}})
    })

  for (const {calls, end, which} of [
    {which: 'write the new snapshot', calls: 'write,writev,pwrite64', end: '/state.json.new'},
    {which: 'sync the new snapshot', calls: 'fsync', end: '/state.json.new'},
    {which: 'rename the new snapshot', calls: 'rename', end: '/state.json.new'},
    {which: 'make the history', calls: 'mkdir', end: '/state.json.history'},
    {which: 'keep the old snapshot', calls: 'link', end: '/state.json'},
    {which: 'keep the old journal', calls: 'link', end: '/state.json.journal'},
    {which: 'sync the history', calls: 'fsync', end: '/state.json.history'},
    {which: 'write the journal that follows', calls: 'write,writev,pwrite64', end: '/state.json.journal.new'},
    {which: 'sync the journal that follows', calls: 'fsync', end: '/state.json.journal.new'},
    {which: 'rename the journal that follows', calls: 'rename', end: '/state.json.journal.new'},
  ])
    it(`that fails to ${which} of a compaction keeps every commit, takes more, and compacts when it can`, async () => {
      await store.update(TEST_WHY, addFamily('a'))

      const {code, faults, said} = await underFaults(end, calls, 3, {JOURNAL_BYTES: '1'})

      expect(faults, 'injected faults').to.be.at.least(1)
      expect({code, commits: said.length}).to.deep.equal({code: 0, commits: 3})
      const again = new StateFile(aStateFileWorld(), store.location, {journalBytes: 1})
      const expected = {a: {lastRevision: 1}, counter: {lastRevision: 3}}
      expect((await again.read()).state.families).to.deep.equal(expected)
      await again.update(TEST_WHY, addFamily('z'))
      expect((await new StateFile(aStateFileWorld(), store.location).read()).state.families).to.deep.equal({
        ...expected,
        z: {lastRevision: 1},
      })
      expect(readdirSync(mountPoint).filter((name) => name.endsWith('.new'))).to.deep.equal([])
      expect(JSON.parse(readFileSync(store.location, 'utf8'))).to.have.property('revision', 5)
    })

  it('that cannot make the lock is as before, says so, and takes commits again', async () => {
    await store.update(TEST_WHY, addFamily('a'))
    const before = contentOf(mountPoint)

    const {code, faults, said} = await underFaults('/state.json.lock', 'symlink', 1)

    expect(faults, 'injected faults').to.be.at.least(1)
    expect(code).to.equal(8)
    expect(JSON.parse(said[0] ?? '{}')).to.deep.equal({
      code: 'StateNotWritable',
      message: `The state file "${store.location}" could not be written, because the disk reported an input/output error; it is as it was before.`,
    })
    expect(contentOf(mountPoint)).to.deep.equal(before)
    await store.update(TEST_WHY, addFamily('b'))
    expect((await store.read()).state.families).to.have.keys('a', 'b')
  })

  it('that is full when a new snapshot is due takes commits all the same', async () => {
    mount('-t', 'tmpfs', '-o', 'size=128k,mode=0700', 'tmpfs')
    const small = new StateFile(aStateFileWorld(), join(mountPoint, 'state.json'), {journalBytes: 60_000})
    await small.update(TEST_WHY, addFamily('a'.repeat(50_000)))

    await small.update(TEST_WHY, addFamily('b'.repeat(20_000)))

    expect(Object.keys((await new StateFile(aStateFileWorld(), small.location).read()).state.families)).to.have.length(2)
    expect(readdirSync(mountPoint)).not.to.include('state.json.new')
  })

  /** A process that commits so often, while these calls on this file of the disk fail with EIO: how it ended, what it said, and how many calls failed. */
  async function underFaults(end: string, calls: string, commits: number, env: Readonly<Record<string, string>> = {}) {
    const workers = new Workers(new URL('worker.ts', import.meta.url))
    const log = join(folder.path, 'strace.log')
    try {
      const inject = ['-P', mountPoint + end, '-e', `trace=${calls}`, '-e', `inject=${calls}:error=EIO`]
      const worker = workers.start('count', store.location, commits, ['strace', '-f', '-qq', '-o', log, ...inject], env)
      const code = await worker.ended
      return {code, said: worker.said, faults: readFileSync(log, 'utf8').split('(INJECTED)').length - 1}
    } finally {
      await workers.close()
    }
  }

  function mount(...options: readonly string[]): void {
    execFileSync('mount', [...options, mountPoint])
  }
})

function expectFault(error: KnownError, code: string, message: RegExp, suggestion: RegExp): void {
  expect(error).to.be.instanceOf(StateError).and.to.include({code, exitCode: 8})
  expect(error.message).to.match(message)
  expect(error.suggestions[0]).to.match(suggestion)
}

/** Writes until the disk is full. */
function fill(path: string): void {
  for (const size of [65_536, 4096, 1]) {
    try {
      for (;;) writeFileSync(path, 'x'.repeat(size), {flag: 'a'})
    } catch {
      // Full for pieces of this size.
    }
  }
}

/** Makes empty files until there is no inode left; returns them. */
function useUpInodes(folder: string): readonly string[] {
  const made: string[] = []
  try {
    for (;;) {
      const path = join(folder, `filler-${made.length}`)
      writeFileSync(path, '')
      made.push(path)
    }
  } catch {
    return made
  }
}

function isMounted(path: string): boolean {
  return readFileSync('/proc/self/mounts', 'utf8').includes(` ${path} `)
}

/** Every file's text, by name. */
function contentOf(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}
