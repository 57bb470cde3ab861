import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {attributesAt, parseDescribedInstances} from './simulated-instances.js'

describe('parseDescribedInstances', () => {
  it('reads a number, sizes, and attributes whose values go round', () => {
    const described = parseDescribedInstances('5x4096cpu,16gmem,zone=a|b,disk=ssd')

    expect(described).to.include({count: 5, cpuUnits: 4096, memoryMiB: 16_384})
    expect([0, 1, 2].map((index) => attributesAt(described, index))).to.deep.equal([
      {'ecs.availability-zone': 'a', disk: 'ssd'},
      {'ecs.availability-zone': 'b', disk: 'ssd'},
      {'ecs.availability-zone': 'a', disk: 'ssd'},
    ])
  })

  for (const text of [
    '',
    '5',
    'x4096cpu,1mem',
    '0x1cpu,1mem',
    '5x4096cpu',
    '5x1024mem',
    '5x1cpu,1mem,zone',
    '5x1cpu,1mem,=a',
    '999999x1cpu,1mem',
  ])
    it(`refuses ${JSON.stringify(text)}`, () => expectInvalid(() => parseDescribedInstances(text), 'InvalidInstances'))

  it('refuses a value that no attribute may have', () =>
    expectInvalid(() => parseDescribedInstances('5x1cpu,1mem,zone=a||b'), 'InvalidAttribute'))
})
