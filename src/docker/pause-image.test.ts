import {createHash} from 'node:crypto'
import {buffer} from 'node:stream/consumers'
import {expect} from 'chai'
import {EngineError} from '../errors.js'
import {pauseImage, pauseProgram} from './pause-image.js'

const MACHINES = {amd64: 0x3e, arm64: 0xb7}

describe('pauseProgram', () => {
  for (const [architecture, machine] of Object.entries(MACHINES))
    it(`is one whole executable for ${architecture}, which begins with its code`, () => {
      const elf = Buffer.from(pauseProgram(architecture) ?? [])
      const [headers, loadedAt] = [64 + 56, 0x400000]

      expect(elf.subarray(0, 7).toString('latin1')).to.equal('\x7fELF\x02\x01\x01')
      expect(elf.readUInt16LE(16), 'kind').to.equal(2)
      expect(elf.readUInt16LE(18), 'machine').to.equal(machine)
      expect(elf.readUInt16LE(56), 'segments').to.equal(1)
      expect(Number(elf.readBigUInt64LE(24)), 'entry').to.equal(loadedAt + headers)
      expect(Number(elf.readBigUInt64LE(96)), 'bytes loaded').to.equal(elf.length)
      expect(elf.length).to.be.greaterThan(headers).and.lessThan(200)
    })

  it('is none for another processor, whatever its name', () => {
    for (const architecture of ['riscv64', '', 'constructor']) expect(pauseProgram(architecture)).to.equal(undefined)
  })
})

describe('pauseImage', () => {
  it('is the same to the byte whenever it is made', async () => {
    for (const architecture of Object.keys(MACHINES)) expect(await digest(architecture)).to.equal(await digest(architecture))
    expect(await digest('amd64')).not.to.equal(await digest('arm64'))
  })

  it('is refused for a processor that there is none for', async () => {
    const failure = await digest('riscv64').catch((error: unknown) => error)

    expect(failure).to.be.instanceOf(EngineError).and.have.property('code', 'CannotLoadImage')
    expect((failure as Error).message).to.contain('"riscv64"')
  })
})

async function digest(architecture: string): Promise<string> {
  return createHash('sha256')
    .update(await buffer(pauseImage(architecture)))
    .digest('hex')
}
