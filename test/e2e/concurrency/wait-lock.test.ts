// Commands that wait for what another one holds: they say for whom, and no longer than they were told.
import {expect} from 'chai'
import {waitUntil} from '../../support/hosts/programs.js'
import {loadHosts} from '../../support/hosts/descriptor.js'
import {resetHosts} from '../../support/hosts/stop.js'
import {openSession, type Session} from '../../support/session.js'
import {type Worker, Workers} from '../../support/workers.js'
import {listenTo} from '../session/stage.js'

describe('waiting for a lock', function () {
  this.timeout(60_000)
  let session: Session
  let workers: Workers

  beforeEach(async () => {
    session = await openSession()
    workers = new Workers(new URL('lock-holder.ts', import.meta.url))
    await session.json('cluster', 'create', 'prod')
  })

  afterEach(async () => {
    await workers.close()
    await session.close()
  })

  /** A process that holds the state's lock, or the lease of that name. */
  async function holderOf(lease = ''): Promise<Worker> {
    const holder = workers.start(lease === '' ? 'state' : 'lease', session.stateFile, 1, [], {LEASE: lease})
    await waitUntil('the lock to be held', () => holder.said.length > 0)
    return holder
  }

  it('ends when the time is over, and names the holder, its command and since when', async () => {
    const holder = await holderOf()

    const {exitCode, stderr, stdout} = await session.berth('cluster', 'create', 'other', '--wait-lock', '1', '--json')

    expect(exitCode).to.equal(8)
    expect(JSON.parse(stdout || stderr).error)
      .to.have.property('message')
      .that.matches(
        new RegExp(`is held by process ${holder.process.pid} \\("task run"\\) since \\d{4}-.*Z, and was not released in 1\\.\\d s`),
      )
    expect((await session.text('cluster', 'list', '-q')).split('\n')).to.deep.equal(['prod'])
  })

  it('takes no time where none is given, and none is needed', async () => {
    expect(await session.text('cluster', 'create', 'other', '--wait-lock', '0', '-q')).to.equal('other')
    await holderOf()

    const {exitCode, stderr} = await session.berth('cluster', 'create', 'third', '--wait-lock', '0')

    expect(exitCode).to.equal(8)
    expect(stderr).to.match(/was not released in 0\.0 s of waiting/)
  })

  it('tells after a while for whom it waits, and goes on when the holder is gone', async () => {
    const holder = await holderOf()
    const waiting = listenTo(session.start(['cluster', 'create', 'other', '--wait-lock', '1m']))

    await waiting.says(`waiting for the state, held by process ${holder.process.pid} of this machine ("task run") since `)
    holder.process.kill('SIGKILL')

    expect(await waiting.ended).to.include({exitCode: 0})
  })

  it('does so for a lease, which is waited for as long as it takes unless told', async () => {
    const hosts = loadHosts()
    await resetHosts(hosts)
    const holder = await holderOf('join of web1')
    const join = ['instance', 'join', 'ssh://web1', '--name', 'web1']

    const refused = await session.berth(...join, '--wait-lock', '1s')

    expect(refused.exitCode).to.equal(8)
    expect(refused.stderr.replaceAll(/\s+/g, ' ')).to.match(
      new RegExp(`The lease "join of web1" is held by process ${holder.process.pid} \\("instance join"\\) since `),
    )
    const waiting = listenTo(session.start(join))
    await waiting.says('waiting for the lease "join of web1", held by process ')
    holder.process.kill('SIGKILL')
    expect(await waiting.ended).to.include({exitCode: 0})
  })
})
