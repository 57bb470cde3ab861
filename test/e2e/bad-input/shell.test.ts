// Shells, environments and terminals that are not as one expects.
import {chmodSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {waitUntil} from '../../support/hosts/programs.js'
import {resetHosts} from '../../support/hosts/stop.js'
import {expectRefused, Scene} from './scene.js'

describe('an unusual surrounding', function () {
  this.timeout(30_000)
  let scene: Scene

  before(async () => {
    scene = await Scene.open()
    await resetHosts(scene.hosts)
    await scene.session.json('instance', 'join', 'local', '--name', 'local')
  })

  after(async () => {
    await resetHosts(scene.hosts)
    await scene.close()
  })

  it('is a reader that goes away: the command ends without a word', async () => {
    const run = scene.session.start(['instance', 'describe', 'local', '--json'])
    run.stdout?.destroy()

    const {exitCode, stderr} = await run

    expect({exitCode, stderr}).to.deep.equal({exitCode: 141, stderr: ''})
  })

  it('is an environment without a home', async () => {
    const ran = await scene.session.start(['cluster', 'list', '--json'], {env: {HOME: ''}})

    expect(ran.exitCode).to.equal(0)
  })

  it('is a loop in a script, whose input is not what the command was told', async () => {
    const run = scene.session.start(['placement', 'explain', '--image', 'busybox:1', '--cached', '--quiet'], {stdin: 'pipe'})
    run.stdin?.end('web\nother\n')

    const {exitCode, stdout} = await run

    expect({exitCode, stdout}).to.deep.equal({exitCode: 0, stdout: 'local'})
  })

  it('is a runtime folder that is open to others: no connection is made through it', async () => {
    const runtime = join(scene.session.folder, 'open')
    mkdirSync(join(runtime, 'berth'), {recursive: true})
    chmodSync(join(runtime, 'berth'), 0o777)

    const refused = {
      code: 'RuntimeFolderUnsafe',
      exitCode: 8,
      said: /is open to other people; it must be a folder of yours with mode 0700\.$/,
      suggests: /^chmod 700 /m,
    }
    await expectRefused(scene, ['instance', 'join', 'ssh://web1'], refused, {env: {XDG_RUNTIME_DIR: runtime}})
  })

  it('is a person who says no', async () => {
    const before = await scene.facts()
    const run = scene.session.onTerminal(['cluster', 'delete', 'prod', '--force'])
    let seen = ''
    run.stdout?.on('data', (piece: Buffer) => (seen += String(piece)))
    await waitUntil('the question', () => seen.includes('?') && seen.includes('N)'))

    run.stdin?.write('n\r')

    expect((await run).exitCode).to.equal(10)
    expect(seen).to.include('take out instance local')
    expect(await scene.facts()).to.deep.equal(before)
  })

  it('is a person who leaves the question by Ctrl-C', async () => {
    const before = await scene.facts()
    const run = scene.session.onTerminal(['cluster', 'delete', 'prod', '--force'])
    let seen = ''
    run.stdout?.on('data', (piece: Buffer) => (seen += String(piece)))
    await waitUntil('the question', () => seen.includes('?') && seen.includes('N)'))

    run.stdin?.write('\u0003')

    expect((await run).exitCode).to.equal(130)
    expect(await scene.facts()).to.deep.equal(before)
  })

  it('is nobody at a terminal: what stops or removes is declined', async () => {
    await expectRefused(scene, ['cluster', 'delete', 'prod', '--force'], {
      code: 'Declined',
      exitCode: 10,
      said: /Nobody is at a terminal to answer; nothing was done\.$/,
      suggests: /--yes/,
    })
  })
})
