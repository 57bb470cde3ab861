import {createHash} from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {StateFile} from '../../../src/store/state-file.js'
import {addFamily, aStateFileWorld, rejectionOf, StateFolder, TEST_WHY} from '../../support/state-folder.js'
import {STATE_VERSION} from '../../../src/model/state.js'

describe('a state file', () => {
  let folder: StateFolder
  beforeEach(async () => {
    folder = new StateFolder()
    await folder.open().update(TEST_WHY, addFamily('a'))
    await folder.open().update(TEST_WHY, addFamily('b'))
  })
  afterEach(() => folder.remove())

  it('is one JSON document with one record a line, and its first line is the checksum of the rest', async () => {
    await folder.open({journalBytes: 10}).update(TEST_WHY, addFamily('c'))
    const text = readFileSync(folder.file, 'utf8')
    const rest = text.slice(text.indexOf('\n') + 1)

    expect(JSON.parse(text)).to.deep.include({
      checksum: createHash('sha256').update(rest).digest('hex'),
      revision: 3,
      version: STATE_VERSION,
    })
    expect(JSON.parse(text).commit).to.deep.include(TEST_WHY)
    expect(text.split('\n')).to.include('"b":{"lastRevision":1},').and.to.include('"a":{"lastRevision":1},')
  })

  it('has a line for each commit beside it, each one JSON document', () => {
    const [head, ...lines] = readFileSync(`${folder.file}.journal`, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))

    expect(head).to.deep.include({journal: 1, after: 0})
    expect(lines.map(({because, records, revision}) => [revision, because, records[0].id])).to.deep.equal([
      [1, 'a test', 'a'],
      [2, 'a test', 'b'],
    ])
  })

  it('takes its snapshot anew when the journal has grown, keeps the last twenty, and tells of every revision since', async () => {
    const store = folder.open({journalBytes: 2000})
    for (let n = 0; n < 400; n += 1) await store.update(TEST_WHY, addFamily(`n${n % 7}-${n}`))
    const kept = readdirSync(`${folder.file}.history`)
    const history = await folder.open().history()
    const [oldest = 0] = kept
      .flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b)

    expect(kept.filter((name) => name.endsWith('.json'))).to.have.length(20)
    expect(kept.filter((name) => name.endsWith('.journal'))).to.have.length(20)
    expect(history.map(({revision}) => revision)).to.deep.equal(Array.from({length: 402 - oldest}, (_, n) => oldest + n + 1))
    for (const revision of [oldest, oldest + 1, 300, 401, 402])
      expect(Object.keys((await folder.open().at(revision)).families), String(revision)).to.have.length(revision)
    expect(await rejectionOf(folder.open().at(oldest - 1))).to.include({code: 'RevisionNotKept', exitCode: 3})
    expect((await folder.open().read()).state).to.deep.equal((await store.read()).state)
  })

  it('of version 1, which had no journal, goes on', async () => {
    const file = join(folder.path, 'old.json')
    copyFileSync(new URL('../../data/states/v1.state', import.meta.url), file)
    chmodSync(file, 0o600)
    const store = new StateFile(aStateFileWorld(), file)
    const {revision, state} = await store.read()
    await store.update(TEST_WHY, addFamily('c'))

    expect([revision, Object.keys(state.tasks).length]).to.deep.equal([5, 1])
    const again = await new StateFile(aStateFileWorld(), file).read()
    expect(again.state).to.deep.equal({...state, revision: 6, families: {...state.families, c: {lastRevision: 1}}})
    expect(JSON.parse(readFileSync(file, 'utf8'))).to.include({version: STATE_VERSION, revision: 6})
  })

  it('of version 3, which kept nothing running, goes on with the journal beside it', async () => {
    const file = join(folder.path, 'old.json')
    for (const end of ['', '.journal']) copyFileSync(new URL(`../../data/states/v3.state${end}`, import.meta.url), `${file}${end}`)
    const store = new StateFile(aStateFileWorld(), file)
    const {revision, state} = await store.read()
    await store.update(TEST_WHY, addFamily('c'))

    expect([revision, Object.keys(state.clusters).length, state.services, state.daemons, state.deployments]).to.deep.equal([
      3,
      2,
      {},
      {},
      {},
    ])
    const again = await new StateFile(aStateFileWorld(), file).read()
    expect(again.state).to.deep.equal({...state, revision: 4, families: {...state.families, c: {lastRevision: 1}}})
  })

  it('of version 2, which ignored no drift, goes on with the journal beside it', async () => {
    const file = join(folder.path, 'old.json')
    for (const end of ['', '.journal']) copyFileSync(new URL(`../../data/states/v2.state${end}`, import.meta.url), `${file}${end}`)
    const store = new StateFile(aStateFileWorld(), file)
    const {revision, state} = await store.read()
    await store.update(TEST_WHY, addFamily('c'))

    expect([revision, Object.keys(state.intents).length, state.ignoredDrift]).to.deep.equal([6, 1, {}])
    const again = await new StateFile(aStateFileWorld(), file).read()
    expect(again.state).to.deep.equal({...state, revision: 7, families: {...state.families, c: {lastRevision: 1}}})
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

  it('is read anew where its last line made way for another of the same length', async () => {
    const reader = folder.open()
    await folder.open().update(TEST_WHY, addFamily('c'))
    await reader.read()
    // As after a line that could not be made durable: taken back, and another written in its place.
    const journal = `${folder.file}.journal`
    const before = readFileSync(journal).length
    truncateSync(journal, readFileSync(journal, 'utf8').trimEnd().lastIndexOf('\n') + 1)
    await folder.open().update(TEST_WHY, addFamily('d'))

    expect(readFileSync(journal).length).to.equal(before)
    expect(Object.keys((await reader.read()).state.families)).to.deep.equal(['a', 'b', 'd'])
    await reader.update(TEST_WHY, addFamily('e'))
    expect(Object.keys((await folder.open().read()).state.families)).to.deep.equal(['a', 'b', 'd', 'e'])
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
    rmSync(`${folder.file}.journal`)
    await folder.open().update(TEST_WHY, addFamily('a'))
    await folder.open().update(TEST_WHY, addFamily('z'))

    expect(Object.keys((await store.read()).state.families)).to.deep.equal(['a', 'z'])
  })
})

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}
