// An engine that listens on TCP and asks for certificates: the local test engine, started anew so.
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {killEngine, startEngine} from '../../support/hosts/engine.js'
import {run} from '../../support/hosts/programs.js'
import {resetHosts} from '../../support/hosts/stop.js'
import type {TestHost} from '../../support/hosts/test-hosts.js'
import {expect} from 'chai'
import {expectRefused} from '../bad-input/scene.js'
import {Stage} from './stage.js'

describe('instance join by TCP and TLS', function () {
  this.timeout(60_000)
  let stage: Stage
  let local: TestHost
  const port = 20_000 + (process.pid % 10_000)

  before(async () => {
    stage = await Stage.open([])
    const folder = join(stage.session.folder, 'tls')
    await makeCertificates(folder)
    local = stage.hosts.local
    const tls = [
      '--tlsverify',
      '--tlscacert',
      join(folder, 'ca.pem'),
      '--tlscert',
      join(folder, 'server.pem'),
      '--tlskey',
      join(folder, 'server-key.pem'),
    ]
    await killEngine(local, 'SIGTERM')
    await startEngine({...local, engineFlags: [...local.engineFlags, '-H', `tcp://127.0.0.1:${port}`, ...tls]})
  })

  after(async () => {
    await resetHosts(stage.hosts)
    await killEngine(local, 'SIGTERM')
    await startEngine(local)
    await stage.close()
  })

  const joinAs = (client: string) => {
    const file = (name: string) => join(stage.session.folder, 'tls', name)
    const words = ['--tlscacert', file('ca.pem'), '--tlscert', file(`${client}.pem`), '--tlskey', file(`${client}-key.pem`)]
    return ['instance', 'join', `tcp://127.0.0.1:${port}`, '--name', 'secure', ...words]
  }

  it('is refused without a certificate that the engine trusts', async () => {
    await expectRefused(stage.scene, joinAs('stranger'), {code: 'TlsRefused', exitCode: 6, said: `tcp://127.0.0.1:${port}`})
  })

  it('joins with one, and runs tasks there', async () => {
    expect(await stage.session.text(...joinAs('client'))).to.equal('secure')

    const id = await stage.launch()
    expect((await stage.container('local', id)).State.Status).to.equal('running')
    expect(await stage.session.text('task', 'exec', id, '--', 'echo', 'by TLS')).to.equal('by TLS')
    await stage.session.text('task', 'stop', id)
  })
})

/** An authority, and certificates of it for the server and the client; the stranger's is of no authority but its own. */
async function makeCertificates(folder: string): Promise<void> {
  mkdirSync(folder)
  const keyed = (name: string) => [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    join(folder, `${name}-key.pem`),
  ]
  const selfSigned = (name: string) =>
    run('openssl', ['req', '-x509', '-days', '2', '-subj', `/CN=${name}`, ...keyed(name), '-out', join(folder, `${name}.pem`)])
  const authority = ['-CA', join(folder, 'ca.pem'), '-CAkey', join(folder, 'ca-key.pem')]
  const signed = (name: string, extension: string) =>
    run('openssl', [
      'req',
      '-x509',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      ...keyed(name),
      ...authority,
      '-addext',
      extension,
      '-out',
      join(folder, `${name}.pem`),
    ])
  await selfSigned('ca')
  await selfSigned('stranger')
  await signed('server', 'subjectAltName=IP:127.0.0.1')
  await signed('client', 'extendedKeyUsage=clientAuth')
}
