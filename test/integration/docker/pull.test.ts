// Pulls from a real registry that wants to know who asks, with what the person's docker configuration says.
import {expect} from 'chai'
import {DockerCredentials} from '../../../src/system/docker-credentials.js'
import type {PullProgress, RegistryCredential} from '../../../src/world/engine.js'
import {startTestEngine, type TestEngine} from '../../support/engine.js'
import {BASE_IMAGE} from '../../support/hosts/images.js'
import {run} from '../../support/hosts/programs.js'
import {REGISTRY_USER, TestRegistry} from '../../support/registry.js'
import {failureOf, soon} from '../../support/specs.js'

describe('DockerEngine and a registry that wants to know who asks', function () {
  this.timeout(60_000)
  let real: TestEngine
  let registry: TestRegistry
  let image: string

  before(async function () {
    // A new machine may have to install the registry first.
    this.timeout(300_000)
    real = await startTestEngine()
    registry = await TestRegistry.start()
    image = await registry.push(real.socketPath, BASE_IMAGE)
  })

  after(async () => {
    registry?.stop()
    await real?.stop()
  })

  const pull = (credential?: RegistryCredential, onProgress: (progress: PullProgress) => void = () => {}) =>
    real.engine.pull(image, {onProgress, ...(credential ? {credential} : {})}, soon())

  it('has the image afterwards, with the credentials of the docker configuration', async () => {
    const told: PullProgress[] = []
    const credential = await new DockerCredentials({DOCKER_CONFIG: registry.dockerConfig}, '/nowhere').of(image, soon())

    await pull(credential, (progress) => told.push(progress))

    expect(await real.engine.image(image, soon())).to.have.property('id', (await real.engine.image(BASE_IMAGE, soon()))?.id)
    expect(told.map(({status}) => status).join('\n')).to.contain('Digest: sha256:')
    await run('docker', ['-H', `unix://${real.socketPath}`, 'rmi', image])
  })

  it('is told that it must log in, and where, without credentials', async () => {
    const failure = await failureOf(pull())

    expect(failure).to.have.property('code', 'CannotPullContainerAuthError')
    expect(failure.message).to.contain(`"${image}"`)
    expect(failure.suggestions).to.deep.equal([`docker login ${registry.address}`])
  })

  it('is told so with a wrong password too, which no error repeats', async () => {
    const failure = await failureOf(pull({...REGISTRY_USER, password: 'wrong-9182', serverAddress: registry.address}))

    expect(failure).to.have.property('code', 'CannotPullContainerAuthError')
    expect(`${failure.message} ${(failure as Error).stack} ${String((failure as Error).cause)}`).not.to.contain('wrong-9182')
  })

  it('is told of an image that is not there as of that, not as of a login', async () => {
    const credential = {...REGISTRY_USER, serverAddress: registry.address}
    const none = `${registry.address}/team/none:1`

    expect(await failureOf(real.engine.pull(none, {credential, onProgress: () => {}}, soon()))).to.have.property(
      'code',
      'CannotPullContainerError',
    )
  })
})
