import {createHash} from 'node:crypto'
import {existsSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {StateFile} from '../../../src/store/state-file.js'
import {addFamily, aStateFileWorld, StateFolder, TEST_WHY} from '../../support/state-folder.js'

describe('a state file', () => {
  let folder: StateFolder
  beforeEach(async () => {
    folder = new StateFolder()
    await folder.open().update(TEST_WHY, addFamily('a'))
    await folder.open().update(TEST_WHY, addFamily('b'))
  })
  afterEach(() => folder.remove())

  it('is one JSON document with one record a line, and its first line is the checksum of the rest', () => {
    const text = readFileSync(folder.file, 'utf8')
    const rest = text.slice(text.indexOf('\n') + 1)

    expect(JSON.parse(text)).to.deep.include({checksum: createHash('sha256').update(rest).digest('hex'), revision: 2, version: 1})
    expect(JSON.parse(text).commit).to.deep.include(TEST_WHY)
    expect(text.split('\n')).to.include('"b":{"lastRevision":1}},').and.to.include('"a":{"lastRevision":1},')
  })

  it('is for its owner only, and so is its folder', async () => {
    const file = join(folder.path, 'new/deep/state.json')
    await new StateFile(aStateFileWorld(), file).update(TEST_WHY, addFamily('a'))

    expect(modeOf(file)).to.equal('600')
    expect(modeOf(join(folder.path, 'new/deep'))).to.equal('700')
  })

  it('is not made by reading', async () => {
    const store = new StateFile(aStateFileWorld(), join(folder.path, 'none/state.json'))

    expect((await store.read()).revision).to.equal(0)
    expect(existsSync(join(folder.path, 'none'))).to.equal(false)
  })

  it('keeps the state before the last commit beside it, which can be put back', async () => {
    writeFileSync(folder.file, readFileSync(`${folder.file}.backup`))

    expect(Object.keys((await folder.open().read()).state.families)).to.deep.equal(['a'])
  })

  it('stays behind the symbolic link that leads to it', async () => {
    const link = join(folder.path, 'link.json')
    symlinkSync('state.json', link)
    await new StateFile(aStateFileWorld(), link).update(TEST_WHY, addFamily('c'))

    expect(lstatSync(link).isSymbolicLink()).to.equal(true)
    expect(Object.keys((await folder.open().read()).state.families)).to.deep.equal(['a', 'b', 'c'])
  })

  it('is made where a symbolic link leads to', async () => {
    const [link, target] = [join(folder.path, 'link.json'), join(folder.path, 'target.json')]
    symlinkSync(target, link)
    await new StateFile(aStateFileWorld(), link).update(TEST_WHY, addFamily('c'))

    expect(lstatSync(link).isSymbolicLink()).to.equal(true)
    expect((await new StateFile(aStateFileWorld(), target).read()).revision).to.equal(1)
  })

  it('is read again when another file takes its place, however alike', async () => {
    const store = folder.open()
    await store.read()
    rmSync(folder.file)
    rmSync(`${folder.file}.backup`)
    await folder.open().update(TEST_WHY, addFamily('a'))
    await folder.open().update(TEST_WHY, addFamily('z'))

    expect(Object.keys((await store.read()).state.families)).to.deep.equal(['a', 'z'])
  })
})

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}
