// Registry credentials as the docker configuration keeps them: on a real disk, and from real programs that play the helpers.
import {chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {DockerCredentials} from '../../../src/system/docker-credentials.js'
import type {RegistryCredential} from '../../../src/world/engine.js'
import {failureOf, soon} from '../../support/specs.js'

const SECRET = 'sesame-7531'
const HUB = 'https://index.docker.io/v1/'

describe('DockerCredentials', () => {
  let home: string

  beforeEach(() => {
    home = mkdtempSync('/tmp/bhome-')
    mkdirSync(join(home, '.docker'))
    mkdirSync(join(home, 'bin'))
  })

  afterEach(() => rmSync(home, {force: true, recursive: true}))

  function of(image: string, env = {}, signal = soon()): Promise<RegistryCredential | undefined> {
    return new DockerCredentials({PATH: `${join(home, 'bin')}:${process.env['PATH']}`, ...env}, home).of(image, signal)
  }

  function configure(config: object, folder = '.docker'): void {
    writeFileSync(join(home, folder, 'config.json'), JSON.stringify(config))
  }

  /** A helper of that name; `asked` is what it was given, argument and stdin. */
  function helper(name: string, script: string): {asked(): string} {
    const path = join(home, 'bin', `docker-credential-${name}`)
    writeFileSync(path, `#!/bin/sh\necho "$1 $(cat)" >>${path}.asked\n${script}\n`)
    chmodSync(path, 0o755)
    return {asked: () => readFileSync(`${path}.asked`, 'utf8').trim()}
  }

  const answering = (username: string, secret: string) => `echo '${JSON.stringify({Username: username, Secret: secret})}'`
  const login = (user: string) => ({auth: Buffer.from(`${user}:${SECRET}`).toString('base64')})

  it('know nothing where there is no configuration, or none of this registry', async () => {
    expect(await of('registry.example/app:1')).to.equal(undefined)
    configure({auths: {'other.example': login('ann')}})
    expect(await of('registry.example/app:1')).to.equal(undefined)
  })

  it('come from the entry of the registry, however its address is written', async () => {
    for (const key of ['registry.example:5000', 'https://registry.example:5000', 'https://registry.example:5000/']) {
      configure({auths: {[key]: login('ann')}})
      expect(await of('registry.example:5000/team/app@sha256:1')).to.deep.equal({
        username: 'ann',
        password: SECRET,
        serverAddress: 'registry.example:5000',
      })
    }
  })

  it('keep a password with a colon whole', async () => {
    configure({auths: {'registry.example': {auth: Buffer.from('ann:a:b').toString('base64')}}})

    expect(await of('registry.example/app')).to.include({username: 'ann', password: 'a:b'})
  })

  it("of an image without a registry are those of Docker's own", async () => {
    configure({auths: {[HUB]: login('ann'), 'docker.io': login('bob')}})

    for (const image of ['busybox', 'team/app:1', 'docker.io/team/app'])
      expect(await of(image)).to.include({username: 'ann', serverAddress: HUB})
  })

  it('may be a token, in an entry and from a helper', async () => {
    configure({auths: {'registry.example': {identitytoken: SECRET}}})
    expect(await of('registry.example/app')).to.deep.equal({identityToken: SECRET, serverAddress: 'registry.example'})

    helper('keys', answering('<token>', SECRET))
    configure({credsStore: 'keys'})
    expect(await of('registry.example/app')).to.deep.equal({identityToken: SECRET, serverAddress: 'registry.example'})
  })

  it("come from the registry's helper before the store, and from the store before an entry", async () => {
    const own = helper('own', answering('ann', SECRET))
    const store = helper('store', answering('bob', SECRET))
    configure({credHelpers: {'registry.example': 'own'}, credsStore: 'store', auths: {'other.example': login('cid')}})

    expect(await of('registry.example/app')).to.include({username: 'ann'})
    expect(await of('other.example/app')).to.include({username: 'bob'})
    expect(own.asked()).to.equal('get registry.example')
    expect(store.asked()).to.equal('get other.example')
  })

  it("ask a helper for Docker's own registry by its old address", async () => {
    const store = helper('store', answering('bob', SECRET))
    configure({credsStore: 'store'})
    await of('busybox')

    expect(store.asked()).to.equal(`get ${HUB}`)
  })

  it('are none where the helper keeps none', async () => {
    helper('store', "echo 'credentials not found in native keychain'; exit 1")
    configure({credsStore: 'store'})

    expect(await of('registry.example/app')).to.equal(undefined)
  })

  it('lie in the folder that DOCKER_CONFIG names', async () => {
    mkdirSync(join(home, 'elsewhere'))
    configure({auths: {'registry.example': login('ann')}})
    configure({auths: {'registry.example': login('bob')}}, 'elsewhere')

    expect(await of('registry.example/app', {DOCKER_CONFIG: join(home, 'elsewhere')})).to.include({username: 'bob'})
  })

  describe('from a helper that fails', () => {
    const failing = {
      'ends with a code': `echo ${SECRET}; echo ${SECRET} >&2; exit 3`,
      'answers with something else': `echo '{"Password": "${SECRET}"}'`,
      'answers with no JSON': `echo ${SECRET}`,
    }
    for (const [how, script] of Object.entries(failing))
      it(`are refused without a word of what it printed, where it ${how}`, async () => {
        helper('store', script)
        configure({credsStore: 'store'})
        const failure = await failureOf(of('registry.example/app'))

        expect(failure).to.have.property('code', 'CredentialHelperFailed')
        expect(failure.message).to.contain('"store"')
        expect(failure.suggestions).to.deep.equal(['docker login registry.example'])
        expect(JSON.stringify([failure, failure.message, (failure as Error).stack, (failure as Error).cause])).not.to.contain(SECRET)
      })

    it('are refused where there is no such program, or its name is a path', async () => {
      for (const credsStore of ['berth-none', '../bin/sh']) {
        configure({credsStore})
        expect(await failureOf(of('registry.example/app'))).to.have.property('code', 'CredentialHelperFailed')
      }
    })

    it('are waited for no longer than the signal allows', async () => {
      helper('store', 'exec sleep 30')
      configure({credsStore: 'store'})
      const begun = Date.now()
      const failure = await failureOf(of('registry.example/app', {}, AbortSignal.timeout(300)))

      expect(failure).to.have.property('name', 'TimeoutError')
      expect(Date.now() - begun).to.be.lessThan(10_000)
    })
  })
})
