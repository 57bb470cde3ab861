// What every `Engine` promises of what can be changed by hand: the limits of a container that runs, and the image that a name means.
import {expect} from 'chai'
import type {Engine} from '../../src/world/engine.js'
import {BASE_IMAGE} from '../support/hosts/images.js'
import {aContainer, failureOf, soon} from '../support/specs.js'

const MIB = 1024 * 1024

export function engineChangesContract(title: string, engineOf: () => Engine): void {
  describe(`Engine, what changes (${title})`, () => {
    const lasting = (said: Parameters<typeof aContainer>[1] = {}) => aContainer(engineOf(), {command: ['sh', '-c', 'sleep 60'], ...said})

    it('tells what a program was given', async () => {
      const name = await lasting()

      expect((await engineOf().inspect(name, soon()))?.command).to.deep.equal(['sh', '-c', 'sleep 60'])
      await engineOf().remove(name, soon())
    })

    describe('limits', () => {
      it('are told as they were asked for, and 0 where none was', async () => {
        const held = await lasting({cpuCores: 0.5, cpuShares: 512, memoryMiB: 64, memoryReservationMiB: 32})
        const free = await lasting()

        expect(await engineOf().inspect(held, soon())).to.deep.include({
          limits: {
            cpuShares: 512,
            cpuCores: 0.5,
            memoryBytes: 64 * MIB,
            memoryReservationBytes: 32 * MIB,
            memoryAndSwapBytes: 128 * MIB,
          },
          restartPolicy: 'no',
        })
        expect((await engineOf().inspect(free, soon()))?.limits).to.include({
          cpuShares: 0,
          cpuCores: 0,
          memoryBytes: 0,
          memoryReservationBytes: 0,
        })
        await engineOf().remove(held, soon())
        await engineOf().remove(free, soon())
      })

      it('change while it runs, and what is not said stays', async () => {
        const name = await lasting({cpuShares: 512, memoryMiB: 64})

        await engineOf().update(name, {memoryBytes: 48 * MIB, memoryAndSwapBytes: 96 * MIB, restartPolicy: 'always'}, soon())
        const seen = await engineOf().inspect(name, soon())

        expect(seen).to.include({status: 'running', restartPolicy: 'always'})
        expect(seen?.limits).to.include({cpuShares: 512, memoryBytes: 48 * MIB, memoryAndSwapBytes: 96 * MIB})
        await engineOf().remove(name, soon())
      })

      it('are not taken off by a 0: that is as if nothing were said', async () => {
        const name = await lasting({cpuCores: 0.5, memoryMiB: 64})

        await engineOf().update(name, {cpuCores: 0, cpuShares: 256, memoryBytes: 0}, soon())

        expect((await engineOf().inspect(name, soon()))?.limits).to.include({cpuCores: 0.5, cpuShares: 256, memoryBytes: 64 * MIB})
        await engineOf().remove(name, soon())
      })

      it('of no container are not changed', async () => {
        expect(await failureOf(engineOf().update('berth-docker-test-none', {cpuShares: 2}, soon()))).to.have.property(
          'code',
          'NoSuchContainer',
        )
      })
    })

    describe('a name of an image', () => {
      const NAME = 'berth-contract-tag:1'

      it('means the image that was given it last', async () => {
        const id = (await engineOf().image(BASE_IMAGE, soon()))?.id ?? ''

        await engineOf().tagImage(id, NAME, soon())
        await engineOf().tagImage(id, NAME, soon())

        expect((await engineOf().image(NAME, soon()))?.id).to.equal(id)
      })

      it('is given to no image that is not there', async () => {
        expect(await failureOf(engineOf().tagImage(`sha256:${'0'.repeat(64)}`, NAME, soon()))).to.have.property('code', 'NoSuchImage')
      })
    })
  })
}
