// What every `Engine` promises, whatever is behind it. Commands are those that the fake engine knows.
import {expect} from 'chai'
import type {Engine} from '../../src/world/engine.js'
import {anId} from '../support/build.js'
import {TEST_CLUSTER} from '../support/engine.js'
import {BASE_IMAGE} from '../support/hosts/images.js'
import {aContainer, anOwner, aSpec, collect, failureOf, firstOf, soon} from '../support/specs.js'

const FREE_PORT = 47_113

export function engineContract(title: string, engineOf: () => Engine): void {
  describe(`Engine (${title})`, () => {
    const sh = (script: string) => aContainer(engineOf(), {command: ['sh', '-c', script]})

    it('tells where its data lies, as an absolute path', async () => {
      expect(await engineOf().dataRoot(soon())).to.match(/^\/./)
    })

    it('tells the time of its host', async () => {
      const before = Date.now()
      const time = await engineOf().time(soon())

      expect(time).to.be.within(before - 5000, Date.now() + 5000)
    })

    describe('images', () => {
      it('knows an image that is there, by its name and by its id', async () => {
        const image = await engineOf().image(BASE_IMAGE, soon())

        expect(image?.id).to.match(/^sha256:[0-9a-f]{64}$/)
        expect(await engineOf().image(image?.id ?? '', soon())).to.have.property('id', image?.id)
      })

      it('has no image that was never there', async () => {
        expect(await engineOf().image('berth-none:1', soon())).to.equal(undefined)
      })

      it('makes no container of an image that is not there', async () => {
        expect(await failureOf(engineOf().create(aSpec({image: 'berth-none:1'}), soon()))).to.have.property(
          'code',
          'CannotPullContainerError',
        )
      })
    })

    describe('a container', () => {
      it('is created, then exited with its code, then gone', async () => {
        const spec = aSpec({command: ['sh', '-c', 'exit 3'], memoryMiB: 64})

        const id = await engineOf().create(spec, soon())
        expect(await engineOf().inspect(spec.name, soon()))
          .to.include({runtimeId: id, name: spec.name, status: 'created', memoryMiB: 64})
          .and.not.have.property('exitCode')
        await engineOf().start(id, soon())
        expect(await engineOf().wait(id, soon())).to.equal(3)
        expect(await engineOf().inspect(id, soon())).to.include({status: 'exited', exitCode: 3, outOfMemory: false, error: ''})
        await engineOf().remove(id, soon())
        expect(await engineOf().inspect(id, soon())).to.equal(undefined)
      })

      it('keeps whose it is', async () => {
        const owner = anOwner({taskId: anId(77), startedBy: 'somebody', slot: 'web/2', epoch: 4})
        const name = await aContainer(engineOf(), {owner, command: ['sh', '-c', 'exit 0']})

        const seen = await engineOf().inspect(name, soon())
        const listed = (await engineOf().list(soon())).find((one) => one.name === name)

        expect(seen?.owner).to.deep.equal(owner)
        expect(listed?.owner).to.deep.equal(owner)
      })

      it('has a name of its own', async () => {
        const spec = aSpec()
        await engineOf().create(spec, soon())

        expect(await failureOf(engineOf().create(spec, soon()))).to.have.property('code', 'NameTaken')
      })

      it('that runs already is left as it is by another start', async () => {
        const name = await sh('sleep 60')

        await engineOf().start(name, soon())

        expect(await engineOf().inspect(name, soon())).to.have.property('status', 'running')
        await engineOf().remove(name, soon())
      })

      it('does not start when its program is not there', async () => {
        const spec = aSpec({command: ['berth-no-such-program']})
        await engineOf().create(spec, soon())

        expect(await failureOf(engineOf().start(spec.name, soon()))).to.have.property('code', 'CannotStartContainerError')
      })

      it('publishes its ports while it runs, and no other may have them', async () => {
        const ports = [{containerPort: 80, hostPort: FREE_PORT, protocol: 'tcp'} as const, {containerPort: 81, protocol: 'udp'} as const]
        const name = await aContainer(engineOf(), {command: ['sh', '-c', 'sleep 60'], ports})
        const second = aSpec({command: ['sh', '-c', 'sleep 60'], ports: ports.slice(0, 1)})

        const seen = await engineOf().inspect(name, soon())
        await engineOf().create(second, soon())
        const failure = await failureOf(engineOf().start(second.name, soon()))

        expect(seen?.ports.find((port) => port.protocol === 'tcp')).to.include({containerPort: 80, hostPort: FREE_PORT})
        expect(seen?.ports.find((port) => port.protocol === 'udp')?.hostPort).to.be.greaterThan(1023)
        expect(failure).to.have.property('code', 'PortTaken')
        expect(failure.message).to.contain(String(FREE_PORT))
        await engineOf().remove(name, soon())
        await engineOf().remove(second.name, soon())
      })
    })

    describe('an end', () => {
      it('by stop kills what does not listen', async () => {
        const name = await sh('sleep 60')

        await engineOf().stop(name, 1, soon())

        expect(await engineOf().inspect(name, soon())).to.include({status: 'exited', exitCode: 137})
      })

      it('by stop lets what listens end by itself', async () => {
        const name = await sh("trap 'exit 9' TERM; echo ready; sleep 60 & wait")
        await firstOf(engineOf().logs(name, {follow: true}, soon()))

        await engineOf().stop(name, 20, soon())

        expect(await engineOf().inspect(name, soon())).to.include({status: 'exited', exitCode: 9})
      })

      it('by signal is the program’s own', async () => {
        const name = await sh("trap 'exit 9' TERM; echo ready; sleep 60 & wait")
        await firstOf(engineOf().logs(name, {follow: true}, soon()))

        await engineOf().signal(name, 'SIGTERM', soon())

        expect(await engineOf().wait(name, soon())).to.equal(9)
      })

      it('of what has ended, or is gone, is no fault', async () => {
        const name = await sh('exit 0')
        await engineOf().wait(name, soon())

        for (const container of [name, 'berth-docker-test-none']) {
          await engineOf().stop(container, 1, soon())
          await engineOf().signal(container, 'SIGTERM', soon())
          await engineOf().remove(container, soon())
          await engineOf().remove(container, soon())
        }
      })
    })

    it('says NoSuchContainer where it is asked about one that is not there', async () => {
      const none = 'berth-docker-test-none'

      for (const deed of [
        () => engineOf().start(none, soon()),
        () => engineOf().wait(none, soon()),
        () => collect(engineOf().logs(none, {}, soon())),
        () => engineOf().exec(none, {command: ['sh']}, soon()),
      ])
        expect(await failureOf(deed())).to.have.property('code', 'NoSuchContainer')
      expect(await engineOf().inspect(none, soon())).to.equal(undefined)
    })

    it('keeps the mark of an instance, once, until it is removed', async () => {
      const record = {kind: 'instance', cluster: TEST_CLUSTER, clusterId: anId(2), instanceId: anId(5)} as const

      await engineOf().writeMark(record, soon())
      await engineOf().writeMark({...record, clusterId: anId(9)}, soon())
      expect((await engineOf().marks(soon())).filter((one) => one.instanceId === record.instanceId)).to.deep.equal([record])
      await engineOf().removeMark(record, soon())
      await engineOf().removeMark(record, soon())
      expect((await engineOf().marks(soon())).filter((one) => one.instanceId === record.instanceId)).to.deep.equal([])
    })

    it('does nothing for a signal that has fired', async () => {
      const reason = new Error('too late')

      expect(await failureOf(engineOf().list(AbortSignal.abort(reason)))).to.equal(reason)
    })
  })
}
