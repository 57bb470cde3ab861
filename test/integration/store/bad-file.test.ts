import {createHash} from 'node:crypto'
import {chmodSync, chownSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {StateError} from '../../../src/errors.js'
import {STATE_VERSION} from '../../../src/model/state.js'
import {encodeLines, NOTHING} from '../../../src/store/journal-text.js'
import {addFamily, rejectionOf, StateFolder, TEST_WHY} from '../../support/state-folder.js'

describe('a bad state file', () => {
  let folder: StateFolder
  beforeEach(async () => {
    folder = new StateFolder()
    await folder.open().update(TEST_WHY, addFamily('a'))
    await folder.open().update(TEST_WHY, addFamily('b'))
  })
  afterEach(() => folder.remove())

  const refused: readonly {
    readonly what: string
    readonly spoil: (file: string) => void
    readonly code: string
    readonly message: RegExp
    readonly suggestion: RegExp
  }[] = [
    {
      what: 'that is empty',
      spoil: (file) => writeFileSync(file, ''),
      code: 'StateCorrupt',
      message: /^The state file ".*state\.json" is not JSON; nothing was changed\.$/,
      suggestion: /^berth state restore newest --state .*state\.json$/,
    },
    {
      what: 'that was cut short',
      spoil: (file) => writeFileSync(file, readFileSync(file).subarray(0, 200)),
      code: 'StateCorrupt',
      message: /is not JSON/,
      suggestion: /^berth state restore newest --state /,
    },
    {
      what: 'that holds other JSON',
      spoil: (file) => writeFileSync(file, '[]'),
      code: 'StateCorrupt',
      message: /does not hold a state/,
      suggestion: /^berth state restore newest --state /,
    },
    {
      what: 'with a flipped character',
      spoil: (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('"revision":0', '"revision":1')),
      code: 'StateCorrupt',
      message: /does not match its checksum/,
      suggestion: /^berth state restore newest --state /,
    },
    {
      what: 'without a checksum',
      spoil: (file) => writeFileSync(file, JSON.stringify({...JSON.parse(readFileSync(file, 'utf8')), checksum: undefined})),
      code: 'StateCorrupt',
      message: /does not match its checksum/,
      suggestion: /^berth state restore newest --state /,
    },
    {
      what: 'that lacks a table',
      spoil: (file) => writeFileSync(file, sealed('"version":1,"lineage":"a","revision":1,"commit":{},"clusters":{}}\n')),
      code: 'StateCorrupt',
      message: /holds no instances/,
      suggestion: /^berth state restore newest --state /,
    },
    {
      what: 'from a later version',
      spoil: (file) => writeFileSync(file, '{"version":7,"whatever":[]}'),
      code: 'StateTooNew',
      message: new RegExp(`is of version 7, and this Berth knows versions up to ${STATE_VERSION}; nothing was changed\\.$`),
      suggestion: /^npm install/,
    },
    {
      what: 'that is gone while its journal is there',
      spoil: (file) => rmSync(file),
      code: 'StateMissing',
      message: /is gone, but ".*\.journal" is there\.$/,
      suggestion: /^berth state restore newest --state /,
    },
    {
      what: 'with a flipped character in its journal',
      spoil: (file) => spoilJournal(file, (text) => text.replace('"lastRevision":1', '"lastRevision":2')),
      code: 'StateCorrupt',
      message: /^The journal ".*\.journal" was changed: line 2 does not match its checksum; nothing was changed by this command\.$/,
      suggestion: /^berth state restore newest --state /,
    },
    {
      what: 'with a line missing in its journal',
      spoil: (file) => spoilJournal(file, (text) => text.split('\n').toSpliced(1, 1).join('\n')),
      code: 'StateCorrupt',
      message: /line 2 does not match its checksum/,
      suggestion: /^berth state restore newest --state /,
    },
    {
      what: 'beside the journal of another state',
      spoil: (file) => spoilJournal(file, () => String(encodeLines(NOTHING, [{journal: 1, lineage: 'other', after: 0}]).bytes)),
      code: 'StateCorrupt',
      message: /lies beside a journal of another state; nothing was changed\.$/,
      suggestion: /^berth state restore newest --state /,
    },
    {
      what: 'that is older than its journal',
      spoil: (file) => spoilJournal(file, (text) => String(encodeLines(NOTHING, [{journal: 1, lineage: lineageIn(text), after: 2}]).bytes)),
      code: 'StateCorrupt',
      message: /is older than the journal beside it; nothing was changed\.$/,
      suggestion: /^berth state restore newest --state /,
    },
    {
      what: 'whose journal others may write to',
      spoil: (file) => chmodSync(`${file}.journal`, 0o602),
      code: 'StateUnsafe',
      message: /^The journal of the state ".*" may be written to by others \(mode 0602\)/,
      suggestion: /^chmod go-w .*state\.json\.journal$/,
    },
    {
      what: 'that others may write to',
      spoil: (file) => chmodSync(file, 0o602),
      code: 'StateUnsafe',
      message: /may be written to by others \(mode 0602\)/,
      suggestion: /^chmod go-w .*state\.json$/,
    },
    {
      what: 'that its group may write to',
      spoil: (file) => chmodSync(file, 0o660),
      code: 'StateUnsafe',
      message: /mode 0660/,
      suggestion: /^chmod go-w .*state\.json$/,
    },
    {
      what: 'in a folder that others may write to',
      spoil: (file) => chmodSync(join(file, '..'), 0o1777),
      code: 'StateUnsafe',
      message: /^The folder of the state ".*" may be written to by others \(mode 1777\)/,
      suggestion: /^chmod go-w /,
    },
    {
      what: 'of another user',
      spoil: (file) => chownSync(file, 12345, 12345),
      code: 'StateUnsafe',
      message: /belongs to user 12345, and Berth runs as user 0;/,
      suggestion: /^ls -ld /,
    },
    {
      what: 'in a folder of another user',
      spoil: (file) => chownSync(join(file, '..'), 12345, 12345),
      code: 'StateUnsafe',
      message: /^The folder of the state/,
      suggestion: /^ls -ld /,
    },
    {
      what: 'that is a folder',
      spoil: (file) => {
        rmSync(file)
        mkdirSync(file)
      },
      code: 'StateNotReadable',
      message: /could not be read, because it is a folder\.$/,
      suggestion: /^ls -l /,
    },
    {
      what: 'under a file',
      spoil: (file) => {
        rmSync(join(file, '..'), {recursive: true})
        writeFileSync(join(file, '..'), '')
      },
      code: 'StateNotReadable',
      message: /because a part of its path is not a folder/,
      suggestion: /^ls -l /,
    },
  ]
  for (const {what, spoil, code, message, suggestion} of refused)
    it(`${what} is refused by readers and writers, and left as it is`, async () => {
      const store = folder.open()
      spoil(folder.file)
      const before = contentOf(folder)

      for (const error of [await rejectionOf(store.read()), await rejectionOf(store.update(TEST_WHY, addFamily('c')))]) {
        expect(error).to.be.instanceOf(StateError).and.to.include({code, exitCode: 8})
        expect(error.message).to.match(message)
        expect(error.suggestions[0]).to.match(suggestion)
      }
      expect(contentOf(folder)).to.deep.equal(before)
    })

  for (const [what, journalBytes, revision] of [
    ['', 1_000_000, 0],
    [', with a history,', 10, 3],
  ] as const)
    it(`whose journal is gone${what} is refused`, async () => {
      const store = folder.open({journalBytes})
      await store.update(TEST_WHY, addFamily('c'))
      rmSync(`${folder.file}.journal`)

      const error = await rejectionOf(folder.open().read())

      expect(error).to.include({code: 'StateMissing', exitCode: 8})
      expect(error.message).to.match(/^The journal ".*" is gone, and with it what was committed after revision \d+; nothing was changed\.$/)
      expect(error.suggestions[0]).to.match(new RegExp(`^berth state restore ${revision} --state `))
    })

  it('beside a snapshot of another state is made anew of its own history', async () => {
    const other = new StateFolder()
    for (const name of ['x', 'y', 'z']) await other.open({journalBytes: 1}).update(TEST_WHY, addFamily(name))
    copyFileSync(other.file, folder.file)
    other.remove()

    expect(await rejectionOf(folder.open().read())).to.have.property('code', 'StateCorrupt')
    expect(await folder.open().recover(TEST_WHY, 'newest')).to.equal(3)

    expect(Object.keys((await folder.open().read()).state.families)).to.deep.equal(['a', 'b'])
  })

  const losses: Readonly<Record<string, (file: string) => void>> = {
    'whose snapshot is damaged': (file) => writeFileSync(file, 'hello'),
    'whose snapshot is gone': (file) => rmSync(file),
    'whose journal is damaged in its last line': (file) => spoilJournal(file, (text) => text.replace('"d"', '"e"')),
    'whose journal is gone': (file) => rmSync(`${file}.journal`),
  }
  for (const [what, spoil] of Object.entries(losses))
    for (const isCompacted of [false, true])
      it(`${what}${isCompacted ? ', with a history,' : ''} is made anew of what is whole`, async () => {
        const store = folder.open({journalBytes: isCompacted ? 400 : 1_000_000})
        for (const name of ['c', 'd']) await store.update(TEST_WHY, addFamily(name))
        spoil(folder.file)

        await folder.open().recover(TEST_WHY, 'newest')

        const {revision, state} = await folder.open().read()
        // Only what stood in a line that is lost is lost.
        expect(Object.keys(state.families)).to.include.members(what.includes('journal') ? [] : ['a', 'b', 'c', 'd'])
        // No number is given a second time, whatever is lost.
        expect(revision).to.be.at.least(what.includes('gone') && what.includes('journal') ? 1 : 5)
        await folder.open().update(TEST_WHY, addFamily('f'))
        expect(Object.keys((await folder.open().read()).state.families)).to.deep.equal([...Object.keys(state.families), 'f'])
      })
})

function spoilJournal(file: string, spoil: (text: string) => string): void {
  writeFileSync(`${file}.journal`, spoil(readFileSync(`${file}.journal`, 'utf8')))
}

function lineageIn(text: string): string {
  return /"lineage":"(\w+)"/.exec(text)?.[1] ?? ''
}

function sealed(rest: string): string {
  return `{"checksum":"${createHash('sha256').update(rest).digest('hex')}",\n${rest}`
}

/** Every file's text, by name. */
function contentOf(folder: StateFolder): Readonly<Record<string, string>> {
  if (!statSync(folder.path).isDirectory()) return {}
  return Object.fromEntries(
    readdirSync(folder.path).map((name) => [
      name,
      statSync(join(folder.path, name)).isDirectory() ? 'a folder' : readFileSync(join(folder.path, name), 'utf8'),
    ]),
  )
}
