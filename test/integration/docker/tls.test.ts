import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer, type Server} from 'node:https'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import type {TlsFiles} from '../../../src/model/host-address.js'
import {localEngines} from '../../support/engine.js'
import {run} from '../../support/hosts/programs.js'
import {failureOf} from '../../support/specs.js'
import {engineOf} from '../../support/wire-servers.js'

describe('DockerEngines, over TLS', function () {
  this.timeout(30_000)
  let folder: string
  let server: Server
  let port: number
  let files: TlsFiles
  const open = (tls: TlsFiles) => localEngines().open({kind: 'tcp', host: '127.0.0.1', port, tls}, {}, AbortSignal.timeout(10_000))

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'berth-tls-'))
    files = {caFile: join(folder, 'ca.pem'), certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem')}
    await makeAuthority(folder, 'ca')
    await makeAuthority(folder, 'other')
    await makeCertificate(folder, 'server', 'subjectAltName=IP:127.0.0.1')
    await makeCertificate(folder, '', 'extendedKeyUsage=clientAuth')
    const read = (name: string) => readFileSync(join(folder, name))
    const settings = {
      ca: read('ca.pem'),
      cert: read('server-cert.pem'),
      key: read('server-key.pem'),
      requestCert: true,
      rejectUnauthorized: true,
    }
    server = createServer(
      settings,
      engineOf('1.41', (_, response) => response.end('OK')),
    ).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    port = (server.address() as {readonly port: number}).port
  })
  after(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    rmSync(folder, {recursive: true})
  })

  it('shows its certificate and is let in', async () => {
    await (await open(files)).ping(AbortSignal.timeout(10_000))
  })

  it('says TlsRefused of a host that another authority vouches for', async () => {
    expect(await failureOf(open({...files, caFile: join(folder, 'other.pem')}))).to.include({code: 'TlsRefused'})
  })

  it('says TlsFileUnreadable and which file', async () => {
    const failure = await failureOf(open({...files, keyFile: join(folder, 'none.pem')}))

    expect(failure).to.include({code: 'TlsFileUnreadable'})
    expect(failure.message).to.contain('none.pem')
  })
})

async function makeAuthority(folder: string, name: string): Promise<void> {
  const [key, cert] = [join(folder, `${name}-key.pem`), join(folder, `${name}.pem`)]
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    key,
    '-out',
    cert,
  ])
}

/** `[NAME-]key.pem` and `[NAME-]cert.pem`, which the authority `ca` vouches for. */
async function makeCertificate(folder: string, name: string, extension: string): Promise<void> {
  const at = (file: string) => join(folder, name === '' ? file : `${name}-${file}`)
  const [extensions, asked] = [at('extensions'), at('request.pem')]
  writeFileSync(extensions, extension)
  await run('openssl', [
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    `/CN=${name || 'client'}`,
    '-keyout',
    at('key.pem'),
    '-out',
    asked,
  ])
  const signer = ['-CA', join(folder, 'ca.pem'), '-CAkey', join(folder, 'ca-key.pem'), '-CAcreateserial', '-CAserial', at('serial')]
  await run('openssl', ['x509', '-req', '-in', asked, ...signer, '-days', '2', '-extfile', extensions, '-out', at('cert.pem')])
}
