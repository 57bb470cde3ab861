import {createHash} from 'node:crypto'
import {chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {StateError} from '../../../src/errors.js'
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
      message: /is not JSON; nothing was changed, and the copy before its last commit is ".*state\.json\.backup"\.$/,
      suggestion: /^cp .*state\.json\.backup .*state\.json$/,
    },
    {
      what: 'that was cut short',
      spoil: (file) => writeFileSync(file, readFileSync(file).subarray(0, 200)),
      code: 'StateCorrupt',
      message: /is not JSON/,
      suggestion: /^cp /,
    },
    {
      what: 'that holds other JSON',
      spoil: (file) => writeFileSync(file, '[]'),
      code: 'StateCorrupt',
      message: /does not hold a state/,
      suggestion: /^cp /,
    },
    {
      what: 'with a flipped character',
      spoil: (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('"lastRevision":1', '"lastRevision":2')),
      code: 'StateCorrupt',
      message: /does not match its checksum/,
      suggestion: /^cp /,
    },
    {
      what: 'without a checksum',
      spoil: (file) => writeFileSync(file, JSON.stringify({...JSON.parse(readFileSync(file, 'utf8')), checksum: undefined})),
      code: 'StateCorrupt',
      message: /does not match its checksum/,
      suggestion: /^cp /,
    },
    {
      what: 'that lacks a table',
      spoil: (file) => writeFileSync(file, sealed('"version":1,"lineage":"a","revision":1,"commit":{},"clusters":{}}\n')),
      code: 'StateCorrupt',
      message: /holds no instances/,
      suggestion: /^cp /,
    },
    {
      what: 'from a later version',
      spoil: (file) => writeFileSync(file, '{"version":7,"whatever":[]}'),
      code: 'StateTooNew',
      message: /is of version 7, and this Berth knows versions up to 1; nothing was changed\.$/,
      suggestion: /^npm install/,
    },
    {
      what: 'that is gone while its copy is there',
      spoil: (file) => rmSync(file),
      code: 'StateMissing',
      message: /is gone, but the copy before its last commit is there: ".*\.backup"\.$/,
      suggestion: /^cp /,
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
})

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
