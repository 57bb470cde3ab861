import {readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {TaskRecordFiles} from '../../../src/store/task-records.js'
import {anId} from '../../support/build.js'
import {StateFolder} from '../../support/state-folder.js'

const MOST_BYTES = 65_536

describe('TaskRecordFiles', () => {
  let folder: StateFolder
  let records: TaskRecordFiles
  beforeEach(() => {
    folder = new StateFolder()
    records = new TaskRecordFiles(join(folder.path, 'tasks'))
  })
  afterEach(() => folder.remove())

  it('keeps the last words of a task for their owner only', async () => {
    await records.keepLastWords(anId(1), 'hello\n')
    await records.keepLastWords(anId(1), 'bye\n')

    expect(await records.lastWords(anId(1))).to.equal('bye\n')
    expect(readdirSync(records.location)).to.deep.equal([`${anId(1)}.log`])
    expect(statSync(join(records.location, `${anId(1)}.log`)).mode & 0o777).to.equal(0o600)
  })

  it('knows no words of a task that left none', async () => {
    expect(await records.lastWords(anId(1))).to.equal(undefined)
  })

  it('forgets the tasks named and no others', async () => {
    for (const n of [1, 2]) await records.keepLastWords(anId(n), 'hello')
    await records.forget([anId(1), anId(3)])

    expect(await records.lastWords(anId(1))).to.equal(undefined)
    expect(await records.lastWords(anId(2))).to.equal('hello')
  })

  const cuts: readonly {readonly what: string; readonly text: string; readonly kept: string}[] = [
    {what: 'keeps 64 KiB whole', text: 'x'.repeat(MOST_BYTES), kept: 'x'.repeat(MOST_BYTES)},
    {what: 'begins with a line', text: `${'a'.repeat(100)}\n${'b'.repeat(MOST_BYTES - 50)}`, kept: 'b'.repeat(MOST_BYTES - 50)},
    {what: 'keeps a line that begins exactly there', text: `a\n${'b'.repeat(MOST_BYTES)}`, kept: 'b'.repeat(MOST_BYTES)},
    {what: 'cuts a line that alone is longer', text: `${'b'.repeat(MOST_BYTES + 10)}\n`, kept: `${'b'.repeat(MOST_BYTES - 1)}\n`},
    {what: 'never cuts a character', text: `${'€'.repeat(MOST_BYTES)}`, kept: '€'.repeat(Math.floor(MOST_BYTES / 3))},
  ]
  for (const {what, text, kept} of cuts)
    it(`${what} when it cuts words to 64 KiB`, async () => {
      await records.keepLastWords(anId(1), text)

      const words = await records.lastWords(anId(1))
      expect(words?.length).to.equal(kept.length)
      expect(words === kept).to.equal(true)
    })

  for (const id of ['../state', '', 'a', `${anId(1)}/..`, 'A'.repeat(32), `${anId(1)}\n`])
    it(`makes no path of ${JSON.stringify(id)}`, async () => {
      for (const deed of [() => records.keepLastWords(id, 'x'), () => records.lastWords(id), () => records.forget([id])])
        expect(await deed().catch((error: unknown) => error)).to.include({code: 'InvalidTaskId', exitCode: 2})
      expect(readdirSync(folder.path)).to.deep.equal([])
    })
})
