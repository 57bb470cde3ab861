// Docker's contexts and the ssh configuration, as they lie on disk.
import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {expect} from 'chai'
import {KnownError} from '../../../src/errors.js'
import {SystemHostCatalog} from '../../../src/system/host-catalog.js'
import type {Environment} from '../../../src/system/paths.js'

describe('SystemHostCatalog', () => {
  let home: string

  beforeEach(() => {
    home = mkdtempSync('/tmp/bhome-')
  })

  afterEach(() => rmSync(home, {force: true, recursive: true}))

  function local(env: Environment = {}) {
    return new SystemHostCatalog(env, home).resolve({kind: 'local'})
  }

  function write(path: string, text: string): void {
    mkdirSync(join(home, path, '..'), {recursive: true})
    writeFileSync(join(home, path), text)
  }

  function hash(name: string): string {
    return createHash('sha256').update(name).digest('hex')
  }

  function context(name: string, host: string): void {
    write(
      `.docker/contexts/meta/${hash(name)}/meta.json`,
      JSON.stringify({Endpoints: {docker: {Host: host, SkipTLSVerify: false}}, Metadata: {}, Name: name}),
    )
  }

  it('resolves local by DOCKER_HOST before all else', async () => {
    context('far', 'ssh://far')
    write('.docker/config.json', '{"currentContext": "far"}')

    expect(await local({DOCKER_HOST: 'ssh://deploy@db1:2222'})).to.deep.equal({host: 'db1', kind: 'ssh', port: 2222, user: 'deploy'})
  })

  it('takes the TLS files of DOCKER_HOST where docker would', async () => {
    const address = await local({DOCKER_CERT_PATH: '/certs', DOCKER_HOST: 'tcp://db1:2376', DOCKER_TLS_VERIFY: '1'})

    expect(address).to.deep.equal({
      host: 'db1',
      kind: 'tcp',
      port: 2376,
      tls: {caFile: '/certs/ca.pem', certFile: '/certs/cert.pem', keyFile: '/certs/key.pem'},
    })
  })

  it('resolves local by the current context, and DOCKER_CONTEXT over the chosen one', async () => {
    context('far', 'ssh://far')
    context('near', 'unix:///run/near.sock')
    write('.docker/config.json', '{"currentContext": "far"}')

    expect(await local()).to.deep.equal({host: 'far', kind: 'ssh'})
    expect(await local({DOCKER_CONTEXT: 'near'})).to.deep.equal({kind: 'unix', path: '/run/near.sock'})
  })

  it('finds the TLS files of a context', async () => {
    context('secure', 'tcp://db1:2376')
    write(`.docker/contexts/tls/${hash('secure')}/docker/ca.pem`, 'ca')
    const folder = join(home, '.docker/contexts/tls', hash('secure'), 'docker')

    expect(await local({DOCKER_CONTEXT: 'secure'})).to.deep.equal({
      host: 'db1',
      kind: 'tcp',
      port: 2376,
      tls: {caFile: join(folder, 'ca.pem'), certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem')},
    })
  })

  it('names a current context that is gone', async () => {
    const error = await local({DOCKER_CONTEXT: 'gone'}).catch((thrown: unknown) => thrown)

    expect(error).to.be.instanceOf(KnownError).with.property('code', 'DockerContextNotFound')
  })

  it('finds a rootless engine where it is the only one of this person', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(home, 'docker.sock'), resolve))
    const address = await local({XDG_RUNTIME_DIR: home})
    await new Promise((resolve) => server.close(resolve))

    // Where the system has an engine of its own, that one comes first.
    expect(address)
      .to.have.property('path')
      .that.is.oneOf(['/var/run/docker.sock', join(home, 'docker.sock')])
  })

  it('reads a context that the docker client itself has written', async () => {
    execFileSync('docker', ['context', 'create', 'made', '--docker', 'host=ssh://deploy@db1'], {
      env: {...process.env, DOCKER_CONFIG: join(home, '.docker')},
      stdio: 'ignore',
    })

    expect(await local({DOCKER_CONTEXT: 'made'})).to.deep.equal({host: 'db1', kind: 'ssh', user: 'deploy'})
  })

  it('knows contexts and ssh hosts, sorted, once each, without patterns', async () => {
    context('far', 'ssh://far')
    context('pipe', 'npipe:////./pipe/docker_engine')
    write('.ssh/config', 'Include conf.d/*.conf\nHost far db1 *.example !no\n  Port 22\nHost "db 2"\nhost=db3\nHost *\n  User ada\n')
    write('.ssh/conf.d/lab.conf', 'Host lab1 lab?\nHost db1\n')

    expect(await new SystemHostCatalog({}, home).known()).to.deep.equal([
      {host: 'ssh://db1', origin: 'ssh configuration'},
      {host: 'ssh://db3', origin: 'ssh configuration'},
      {host: 'ssh://far', origin: 'docker context far'},
      {host: 'ssh://lab1', origin: 'ssh configuration'},
    ])
  })

  it('reads the ssh configuration that BERTH_SSH_CONFIG names', async () => {
    write('other', 'Host only\n')

    expect(await new SystemHostCatalog({BERTH_SSH_CONFIG: join(home, 'other')}, home).known()).to.deep.equal([
      {host: 'ssh://only', origin: 'ssh configuration'},
    ])
  })

  it('knows nothing on a fresh machine, and does not mind files that make no sense', async () => {
    expect(await new SystemHostCatalog({}, home).known()).to.deep.equal([])
    write('.docker/config.json', 'not json')
    write('.docker/contexts/meta/x/meta.json', '[]')
    expect(await new SystemHostCatalog({}, home).known()).to.deep.equal([])
    expect(await local()).to.have.property('kind', 'unix')
  })
})
