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

  for (const spare of [0, 1])
    it(`that has ${spare} inodes left is as before, and says so`, async () => {
      mount('-t', 'tmpfs', '-o', 'nr_inodes=40,mode=0700', 'tmpfs')
      await store.update(TEST_WHY, addFamily('a'))
      const before = contentOf(mountPoint)
      const fillers = useUpInodes(mountPoint)
      for (const filler of fillers.slice(0, spare)) rmSync(filler)

      const error = await rejectionOf(store.update(TEST_WHY, addFamily('b')))

      expectFault(error, 'StateDiskFull', /no space or no inode is left/, /^df -h /)
      expect(error.suggestions[1]).to.match(/^df -i /)
      for (const filler of fillers) rmSync(filler, {force: true})
      expect(contentOf(mountPoint)).to.deep.equal(before)
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

  for (const {which, end} of [
    {which: 'file', end: '/state.json.new'},
    {which: 'folder', end: ''},
  ])
    for (const written of [false, true])
      it(`that cannot sync the ${which} leaves ${written ? 'the old state' : 'no file'} behind, and says so`, async () => {
        if (written) await store.update(TEST_WHY, addFamily('a'))
        const before = contentOf(mountPoint)
        const workers = new Workers(new URL('worker.ts', import.meta.url))

        try {
          const worker = workers.start('count', store.location, 1, [
            'strace',
            '-f',
            '-qq',
            '-o',
            '/dev/null',
            '-P',
            mountPoint + end,
            '-e',
            'inject=fsync:error=EIO',
          ])

          expect(await worker.ended).to.equal(8)
          expect(JSON.parse(worker.said[0] ?? '{}')).to.have.property('code', 'StateNotWritable')
          expect(JSON.parse(worker.said[0] ?? '{}'))
            .to.have.property('message')
            .that.matches(/because the disk reported an input\/output error; it is as it was before\.$/)
          expect(contentOf(mountPoint)).to.deep.equal(before)
        } finally {
          await workers.close()
        }
      })

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

/** Every file's text, by name, but for the backup: a write that failed late may have used it to put the state back. */
function contentOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).filter((name) => name !== 'state.json.backup')
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}
