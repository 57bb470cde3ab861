import {expect} from 'chai'
import {mergePorts, subtract} from './resources.js'

const four = {cpuUnits: 4096, memoryMiB: 1000, tcpPorts: [22], udpPorts: [], gpuIds: ['g0', 'g1']}

describe('subtract', () => {
  it('takes amounts off and puts ports on', () => {
    expect(subtract(four, {cpuUnits: 96, memoryMiB: 300, tcpPorts: [8080, 80], udpPorts: [53], gpuIds: ['g0']})).to.deep.equal({
      cpuUnits: 4000,
      memoryMiB: 700,
      tcpPorts: [22, 80, 8080],
      udpPorts: [53],
      gpuIds: ['g1'],
    })
  })

  it('goes below zero rather than forget what is held', () => {
    expect(subtract(four, {cpuUnits: 0, memoryMiB: 1200, tcpPorts: [], udpPorts: []}).memoryMiB).to.equal(-200)
  })
})

describe('mergePorts', () => {
  it('sorts by number, each port once', () => expect(mergePorts([22, 8080], [80, 22, 443])).to.deep.equal([22, 80, 443, 8080]))
})
