// What every `Engine` promises of images that are put together of files, and of the container of a controller.
import {expect} from 'chai'
import {controllerContainerName} from '../../src/model/controller-container.js'
import {fileOf} from '../../src/world/assembled-image.js'
import type {ControllerSpec} from '../../src/world/container-spec.js'
import type {Engine} from '../../src/world/engine.js'
import {anId} from '../support/build.js'
import {aSpec, failureOf, soon} from '../support/specs.js'

export function engineControllersContract(title: string, engineOf: () => Engine): void {
  describe(`Engine, controllers (${title})`, () => {
    const name = controllerContainerName({id: anId(3), name: 'contract'})
    const spec: ControllerSpec = {
      name,
      owner: {cluster: 'contract', clusterId: anId(3), fingerprint: 'a'.repeat(64)},
      image: aSpec().image,
      hostname: 'controller-on-web1',
      command: ['sh', '-c', 'sleep 60'],
      environment: [{name: 'A', value: 'x=y'}],
      folder: '/var/lib/berth',
      files: [fileOf('identity', 0o600, 'secret\n')],
      sockets: [],
      stopTimeoutSeconds: 1,
    }

    afterEach(async () => {
      await engineOf().remove(name, soon())
      await engineOf().removeVolume(name, soon())
    })

    it('is told for what it is, belongs to no task, and is brought back by the engine', async () => {
      await engineOf().createController(spec, soon())
      await engineOf().start(name, soon())
      const seen = await engineOf().inspect(name, soon())

      expect(seen).to.include({name, status: 'running', restartPolicy: 'unless-stopped'})
      expect(seen?.controller).to.deep.equal(spec.owner)
      expect(seen?.owner).to.equal(undefined)
      expect((await engineOf().list(soon())).find((one) => one.name === name)?.owner).to.equal(undefined)
      expect(await failureOf(engineOf().createController(spec, soon()))).to.have.property('code', 'NameTaken')
    })

    it('is made of an image that is there', async () => {
      const failure = await failureOf(engineOf().createController({...spec, image: 'berth-controller:none'}, soon()))

      expect(failure).to.have.property('code', 'CannotPullContainerError')
    })

    it('has an image that is put together of files, which goes when nothing needs it', async () => {
      const image = {
        reference: 'berth-controller:contract',
        architecture: 'amd64',
        entryPoint: ['/bin/none'],
        layers: [[fileOf('bin/none', 0o755, '')]],
      }
      await engineOf().loadAssembled(image, soon())
      await engineOf().loadAssembled(image, soon())
      await engineOf().createController({...spec, image: image.reference}, soon())

      await engineOf().removeImage(image.reference, soon())
      expect(await engineOf().image(image.reference, soon())).to.not.equal(undefined)
      await engineOf().remove(name, soon())
      await engineOf().removeImage(image.reference, soon())
      await engineOf().removeImage(image.reference, soon())
      expect(await engineOf().image(image.reference, soon())).to.equal(undefined)
    })
  })
}
