// Ports of this machine that lead into a task, by ssh and on the local engine.
import {createHash} from 'node:crypto'
import {createServer} from 'node:net'
import {once} from 'node:events'
import {expect} from 'chai'
import {idOf, listenTo, type Running} from '../session/stage.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {restartSshd} from '../../support/hosts/sshd.js'
import {sshHost} from '../../support/hosts/test-hosts.js'
import {aScript, Lives} from '../lifecycle/lives.js'

const BIG = 20 * 1024 * 1024
/** A web server with a small page and a big file. */
const SERVER = `mkdir /www; echo hello > /www/index.html; yes 0123456789 | head -c ${BIG} > /www/big; exec httpd -f -p 80 -h /www`

for (const host of ['local', 'web1'])
  describe(`task port-forward (${host})`, function () {
    this.timeout(90_000)
    let lives: Lives

    before(async () => {
      lives = await Lives.open(host)
    })

    after(() => lives.close())

    async function forwarded(id: string, ...words: readonly string[]): Promise<{readonly url: string; readonly running: Running}> {
      const running = listenTo(lives.stage.session.start(['task', 'port-forward', id, ':80', ...words]))
      await running.says(' -> 80')
      const [, address = ''] = /^(\S+) -> 80$/m.exec(running.said()) ?? []
      return {url: `http://${address}`, running}
    }

    for (const networkMode of ['bridge', 'awsvpc'] as const)
      it(`leads many connections at once into a task on ${networkMode}, and ends well by Ctrl-C`, async () => {
        const task = await lives.launch('served', [aScript('app', SERVER, {memory: 128})], {networkMode})
        const {running, url} = await forwarded(idOf(task))

        let last: unknown
        await waitUntil(
          'the server to listen',
          () =>
            fetch(url).then(
              () => true,
              (error: Error) => {
                last = error.cause
                return false
              },
            ),
          30_000,
          () => `${url}: ${String(last)}; ${running.said()}`,
        )
        const pages = await Promise.all(Array.from({length: 30}, async () => (await fetch(url)).text()))
        const big = Buffer.from(await (await fetch(`${url}/big`)).arrayBuffer())

        expect(pages).to.deep.equal(Array.from({length: 30}, () => 'hello\n'))
        expect(big.length).to.equal(BIG)
        expect(createHash('sha256').update(big).digest('hex')).to.equal(
          createHash('sha256')
            .update('0123456789\n'.repeat(BIG / 11 + 1).slice(0, BIG))
            .digest('hex'),
        )
        running.signal('SIGINT')
        expect((await running.ended).exitCode).to.equal(0)
        await lives.stage.session.text('task', 'stop', idOf(task), '--timeout', '1')
      })

    it('ends when the task stops, and says where nothing listens', async () => {
      const task = await lives.launch('silent', [aScript('app', 'sleep 600')])
      const {running, url} = await forwarded(idOf(task))

      expect(
        await fetch(url).then(
          () => 'answered',
          () => 'refused',
        ),
      ).to.equal('refused')
      await running.says('Nothing takes connections')
      await lives.stage.session.text('task', 'stop', idOf(task), '--timeout', '0')

      expect((await running.ended).exitCode).to.equal(0)
    })

    it('refuses a port that is taken here, and a task that does not run', async () => {
      const taken = createServer().listen(0, '127.0.0.1')
      await once(taken, 'listening')
      const {port} = taken.address() as {port: number}
      const task = await lives.launch('busy', [aScript('app', 'sleep 600')])

      const refused = await lives.stage.session.berth('task', 'port-forward', idOf(task), `${port}:80`)
      expect(refused.exitCode).to.equal(4)
      expect(refused.stderr).to.contain(`Port ${port} of 127.0.0.1 is taken`)
      taken.close()

      await lives.stage.session.text('task', 'stop', idOf(task), '--timeout', '0')
      const stopped = await lives.stage.session.berth('task', 'port-forward', idOf(task), '80')
      expect(stopped.exitCode).to.equal(4)
      expect(stopped.stderr).to.contain('is not running')
    })
  })

describe('task port-forward to a host whose sshd forbids to forward ports', function () {
  this.timeout(90_000)
  let lives: Lives

  before(async () => {
    lives = await Lives.open('web1')
    await restartSshd(sshHost(lives.stage.hosts, 'web1'), ['AllowTcpForwarding no'])
    await lives.stage.session.text('connection', 'close')
  })

  after(async () => {
    await restartSshd(sshHost(lives.stage.hosts, 'web1'))
    await lives.close()
  })

  it('names the settings that may forbid it, and goes on', async () => {
    const task = await lives.launch('walled', [aScript('app', SERVER)])
    const running = listenTo(lives.stage.session.start(['task', 'port-forward', idOf(task), ':80']))
    await running.says(' -> 80')
    const [, address = ''] = /^(\S+) -> 80$/m.exec(running.said()) ?? []

    const answer = () =>
      fetch(`http://${address}`).then(
        () => 'answered',
        () => 'refused',
      )
    expect([await answer(), await answer()]).to.deep.equal(['refused', 'refused'])

    await running.says('AllowTcpForwarding')
    running.signal('SIGINT')
    expect((await running.ended).exitCode).to.equal(0)
    await lives.stage.session.text('task', 'stop', idOf(task), '--timeout', '0')
  })
})
