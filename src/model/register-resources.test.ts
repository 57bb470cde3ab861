import {expect} from 'chai'
import {facts} from '../../test/support/build.js'
import {expectInvalid} from '../../test/support/refusals.js'
import {registeredResources} from './register-resources.js'
import type {ResourceSettings} from './resources.js'

const engine = facts({cpuCount: 4, memoryMiB: 2000, gpuIds: ['g0']})

function registered(said: Partial<ResourceSettings> = {}) {
  return registeredResources(engine, {reserveMemoryMiB: 0, reservePorts: [], ...said})
}

describe('registeredResources', () => {
  it('is what the engine has, and the ports that ECS reserves', () => {
    expect(registered()).to.deep.equal({
      cpuUnits: 4096,
      memoryMiB: 2000,
      tcpPorts: [22, 2375, 2376, 51_678, 51_679],
      udpPorts: [],
      gpuIds: ['g0'],
    })
  })

  it('takes the reserve off the memory that is told, by the engine or by the person', () => {
    expect(registered({reserveMemoryMiB: 512}).memoryMiB).to.equal(1488)
    expect(registered({reserveMemoryMiB: 512, memoryMiB: 1024}).memoryMiB).to.equal(512)
    expect(registered({cpuUnits: 512}).cpuUnits).to.equal(512)
  })

  it('reserves more ports, each once, sorted', () => {
    expect(registered({reservePorts: [8080, 22, 80]}).tcpPorts).to.deep.equal([22, 80, 2375, 2376, 8080, 51_678, 51_679])
  })

  it('reserves a hundred ports and not one more', () => {
    const ports = (count: number) => Array.from({length: count}, (_, n) => 1000 + n)

    expect(registered({reservePorts: ports(95)}).tcpPorts).to.have.length(100)
    expectInvalid(() => registered({reservePorts: ports(96)}), 'InvalidResources', 'at most 100')
  })

  for (const [said, why] of [
    [{reserveMemoryMiB: 2000}, 'leaves nothing'],
    [{reserveMemoryMiB: 3000}, 'leaves nothing'],
    [{memoryMiB: 100, reserveMemoryMiB: 101}, 'leaves nothing'],
    [{reserveMemoryMiB: -1}, 'in reserve'],
    [{cpuUnits: 0}, 'CPU units'],
    [{cpuUnits: -1024}, 'CPU units'],
    [{cpuUnits: 1.5}, 'CPU units'],
    [{memoryMiB: Number.NaN}, 'memory'],
    [{memoryMiB: 0}, 'leaves nothing'],
    [{reservePorts: [0]}, 'no port'],
    [{reservePorts: [65_536]}, 'no port'],
    [{reservePorts: [80.5]}, 'no port'],
  ] as const)
    it(`refuses ${JSON.stringify(said)}`, () => expectInvalid(() => registered(said), 'InvalidResources', why))
})
