import {existsSync, readdirSync, rmSync, symlinkSync} from 'node:fs'
import {expect} from 'chai'
import {StateFolder, TEST_WHY} from '../../support/state-folder.js'
import {Workers} from '../../support/workers.js'

describe('one state file and many processes', function () {
  this.timeout(120_000)
  let folder: StateFolder
  let workers: Workers
  beforeEach(() => {
    folder = new StateFolder()
    workers = new Workers(new URL('worker.ts', import.meta.url))
  })
  afterEach(async () => {
    await workers.close()
    folder.remove()
  })

  it('loses none of 1,000 commits that 50 processes make', async () => {
    const all = Array.from({length: 50}, () => workers.start('count', folder.file, 20))

    const codes = await Promise.all(all.map(({ended}) => ended))

    expect(codes).to.deep.equal(all.map(() => 0))
    const {state, revision} = await folder.open().read()
    expect(state.families).to.deep.equal({counter: {lastRevision: 1000}})
    expect(revision).to.equal(1000)
    expect(readdirSync(folder.path)).to.have.members(['state.json', 'state.json.journal'])
    expect((await folder.open().history()).map(({revision: one}) => one)).to.deep.equal(Array.from({length: 1000}, (_, n) => n + 1))
  })

  it('keeps every acknowledged commit and a whole file, whenever its writers are killed', async () => {
    let acknowledged = 0
    for (let round = 0; round < 12; round++) {
      const writers = [0, 1, 2].map(() => workers.start('countForEver', folder.file))
      const wanted = round % 5
      await until(() => writers.every(({said}) => said.length > wanted))
      for (const writer of writers) writer.process.kill('SIGKILL')
      await Promise.all(writers.map(({ended}) => ended))

      const {state, revision} = await folder.open().read()
      acknowledged = Math.max(acknowledged, ...writers.flatMap(({said}) => said.map(Number)))
      expect(state.families.counter?.lastRevision).to.equal(revision).and.to.be.at.least(acknowledged)
      // A kill between the write and its acknowledgement may leave one commit more for each writer, never a commit less.
      expect(revision - acknowledged).to.be.at.most(writers.length)
    }

    await folder.open().update(TEST_WHY, (state) => ({result: undefined, state: {...state}}))
    // A breaker that was killed leaves its own mark, which the next breaker takes for that of a dead one.
    const left = readdirSync(folder.path).filter((name) => !['state.json.history', 'state.json.lock.break'].includes(name))
    expect(left).to.have.members(['state.json', 'state.json.journal'])
  })

  for (const call of ['rename', 'unlink', 'link', 'fsync', 'fdatasync', 'pwrite64', 'symlink', 'openat']) {
    it(`survives a writer that is killed in its ${call}`, async () => {
      let whole = 0
      for (const when of [1, 2, 3]) {
        // The calls that load the program come before; those on the state file are told by their path.
        const strace = [
          'strace',
          '-f',
          '-qq',
          '-o',
          '/dev/null',
          '-P',
          folder.path,
          '-P',
          folder.file,
          ...['.new', '.lock', '.journal', '.journal.new', '.history', '.history/2.json', '.history/2.journal'].flatMap((end) => [
            '-P',
            folder.file + end,
          ]),
        ]
        const worker = workers.start(
          'count',
          folder.file,
          3,
          [...strace, '-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${when}`],
          {JOURNAL_BYTES: '200'},
        )
        expect(await worker.ended).to.be.oneOf(when === 1 ? ['SIGKILL'] : ['SIGKILL', 0])

        const {revision} = await folder.open().read()
        expect(revision).to.be.at.least(whole + worker.said.length)
        whole = revision
      }

      expect(await folder.open({journalBytes: 1}).update(TEST_WHY, (state) => ({result: 1, state: {...state}}))).to.equal(1)
      expect(readdirSync(folder.path)).to.include('state.json').and.not.include('state.json.new')
      expect(existsSync(`${folder.file}.lock`)).to.equal(false)
    })
  }

  it('names the holder to those who waited in vain', async () => {
    const holder = workers.start('hold', folder.file)
    await until(() => holder.said.length > 0)

    const error = await folder
      .open({waitMs: 200})
      .update(TEST_WHY, (state) => ({result: undefined, state: {...state}}))
      .catch((thrown: unknown) => thrown)

    expect(error).to.have.property('code', 'StateLocked')
    expect(error)
      .to.have.property('message')
      .that.matches(
        new RegExp(
          `^The state file "${folder.file}" is held by process ${holder.process.pid} \\("task run"\\) since \\d{4}-.*Z, and was not released in 0\\.\\d s of waiting\\.$`,
        ),
      )
  })

  it('takes the lock of a killed holder', async () => {
    const holder = workers.start('hold', folder.file)
    await until(() => holder.said.length > 0)
    const locks = () => folder.open().locks()
    expect((await locks()).map(({command, isAlive, name, pid}) => [name, command, pid, isAlive])).to.deep.equal([
      ['state', 'task run', holder.process.pid, true],
    ])
    holder.process.kill('SIGKILL')
    await holder.ended
    expect((await locks()).map(({isAlive}) => isAlive)).to.deep.equal([false])

    const result = await folder.open({waitMs: 200}).update(TEST_WHY, (state) => ({result: 'done', state: {...state}}))

    expect(result).to.equal('done')
  })

  it('takes a lock that names nobody', async () => {
    for (const text of [' ', 'not JSON', '{"pid":1}']) {
      symlinkSync(text, `${folder.file}.lock`)
      const result = await folder.open({waitMs: 200}).update(TEST_WHY, (state) => ({result: text, state: {...state}}))

      expect(result).to.equal(text)
      rmSync(`${folder.file}.lock`, {force: true})
    }
  })
})

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!holds()) {
    if (Date.now() > deadline) expect.fail('It did not come about within 30 s.')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
