// task cp, by docker's rules, both ways, by ssh.
import {mkdir, readFile, readdir, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {pack} from 'tar-stream'
import {expect} from 'chai'
import {Stage} from '../session/stage.js'

describe('task cp', function () {
  this.timeout(60_000)
  let stage: Stage
  let id: string
  let folder: string

  before(async () => {
    stage = await Stage.open(['web1'])
    id = await stage.launch()
    folder = join(stage.session.folder, 'copies')
    await mkdir(folder)
  })

  after(() => stage.close())

  const cp = (from: string, to: string) => stage.session.berth('task', 'cp', from, to)
  const inTask = async (...words: readonly string[]) => (await stage.session.text('task', 'exec', id, '--', ...words)).trim()

  it('copies a file in and out again: under a new name, into a folder, over one that is there', async () => {
    const here = join(folder, 'note.txt')
    await writeFile(here, 'first\n', {mode: 0o640})

    expect((await cp(here, `${id}:/tmp/renamed.txt`)).exitCode).to.equal(0)
    expect((await cp(here, `${id}:/tmp`)).exitCode).to.equal(0)
    await writeFile(here, 'second\n')
    expect((await cp(here, `${id}:/tmp/note.txt`)).exitCode).to.equal(0)

    expect(await inTask('cat', '/tmp/renamed.txt', '/tmp/note.txt')).to.equal('first\nsecond')
    expect(await inTask('stat', '-c', '%a %u', '/tmp/renamed.txt')).to.equal('640 0')
    expect((await cp(`${id}:/tmp/renamed.txt`, join(folder, 'back.txt'))).exitCode).to.equal(0)
    expect((await cp(`${id}:/tmp/renamed.txt`, folder)).exitCode).to.equal(0)
    for (const name of ['back.txt', 'renamed.txt']) expect(await readFile(join(folder, name), 'utf8')).to.equal('first\n')
    expect((await stat(join(folder, 'back.txt'))).mode & 0o777).to.equal(0o640)
  })

  it('copies folders whole, under a new name, and what is in them', async () => {
    const tree = join(folder, 'tree')
    await mkdir(join(tree, 'deep'), {recursive: true})
    await writeFile(join(tree, 'a'), 'a')
    await writeFile(join(tree, 'deep', 'b'), 'b'.repeat(5_000_000))

    expect((await cp(tree, `${id}:/tmp`)).exitCode).to.equal(0)
    expect((await cp(tree, `${id}:/tmp/other`)).exitCode).to.equal(0)
    await inTask('mkdir', '/tmp/into')
    expect((await cp(`${tree}/.`, `${id}:/tmp/into`)).exitCode).to.equal(0)

    for (const place of ['tree', 'other', 'into'])
      expect(await inTask('sh', '-c', `cat /tmp/${place}/a; wc -c < /tmp/${place}/deep/b`)).to.equal('a5000000')
    expect((await cp(`${id}:/tmp/other`, join(folder, 'again'))).exitCode).to.equal(0)
    expect((await cp(`${id}:/tmp/tree/.`, join(folder, 'again'))).exitCode).to.equal(0)
    expect((await readdir(join(folder, 'again'))).sort()).to.deep.equal(['a', 'deep'])
    expect((await stat(join(folder, 'again', 'deep', 'b'))).size).to.equal(5_000_000)
  })

  it('hands a tar on, and takes one', async () => {
    const out = await stage.session.start(['task', 'cp', `${id}:/tmp/renamed.txt`, '-'])
    expect(String(out.stdout)).to.contain('renamed.txt').and.to.contain('first')

    const packed = pack()
    packed.entry({name: 'streamed.txt'}, 'by tar')
    packed.finalize()
    const taking = stage.session.start(['task', 'cp', '-', `${id}:/tmp`], {stdin: 'pipe'})
    packed.pipe(taking.stdin as NodeJS.WritableStream)
    expect((await taking).exitCode).to.equal(0)
    expect(await inTask('cat', '/tmp/streamed.txt')).to.equal('by tar')
  })

  it('says what is not there, and copies no folder onto a file', async () => {
    for (const [from, to, code, exitCode] of [
      [`${id}:/none`, folder, 'NoSuchPath', 3],
      [join(folder, 'none'), `${id}:/tmp`, 'NoSuchPath', 3],
      [join(folder, 'note.txt'), `${id}:/none/deeper/x`, 'NoSuchPath', 3],
      [`${id}:/tmp/renamed.txt`, join(folder, 'none', 'x'), 'NoSuchPath', 3],
      [join(folder, 'tree'), `${id}:/tmp/renamed.txt`, 'NotADirectory', 4],
      [`${id}:/tmp/tree`, join(folder, 'note.txt'), 'NotADirectory', 4],
      [folder, folder, 'InvalidUsage', 2],
    ] as const) {
      const ran = await cp(from, to)
      expect(ran.exitCode, `${from} ${to}: ${ran.stderr}`).to.equal(exitCode)
      expect(ran.stderr, code).to.match(/^berth: /m)
    }
    expect((await readdir(folder)).filter((name) => name.startsWith('.berth-cp-'))).to.deep.equal([])
  })

  it('never writes outside its folder, whatever the container holds', async () => {
    await inTask('sh', '-c', 'mkdir -p /tmp/evil && ln -s /etc /tmp/evil/out && echo pwned > /tmp/evil/file')

    await cp(`${id}:/tmp/evil`, folder)

    const escaped = await readFile('/etc/file', 'utf8').catch(() => undefined)
    expect(escaped).to.equal(undefined)
  })

  it('copies out of a task that has stopped', async () => {
    const {stderr} = await stage.run([], 'sh', '-c', 'echo left behind > /tmp/result')
    const [, stopped = ''] = /task ([\da-f]{32})/.exec(stderr) ?? []

    expect((await cp(`${stopped}:/tmp/result`, join(folder, 'result'))).exitCode).to.equal(0)
    expect(await readFile(join(folder, 'result'), 'utf8')).to.equal('left behind\n')
  })
})
