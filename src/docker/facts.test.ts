import {expect} from 'chai'
import {engineFacts, isOlder} from './facts.js'

describe('engineFacts', () => {
  it('lives with an engine that says next to nothing', () => {
    expect(engineFacts({}, {})).to.include({hostName: '', cpuCount: 0, memoryMiB: 0, imageStore: 'graphdriver', osType: 'linux'})
  })

  it('knows the containerd image store by its snapshotter', () => {
    expect(engineFacts({}, {Driver: 'overlayfs', DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']]}).imageStore).to.equal(
      'containerd',
    )
    expect(engineFacts({}, {Driver: 'overlay2', DriverStatus: [['Backing Filesystem', 'extfs']]}).imageStore).to.equal('graphdriver')
  })

  it('finds GPUs that the engine was told of, else those it discovered', () => {
    const discovered = [
      {Source: 'cdi', ID: 'nvidia.com/gpu=1'},
      {Source: 'cdi', ID: 'nvidia.com/gpu=0'},
      {Source: 'cdi', ID: 'nvidia.com/gpu=all'},
    ]
    const told = [
      {NamedResourceSpec: {Kind: 'NVIDIA-GPU', Value: 'GPU-1'}},
      {NamedResourceSpec: {Kind: 'disk', Value: 'x'}},
      {NamedResourceSpec: null},
    ]

    expect(engineFacts({}, {DiscoveredDevices: discovered}).gpuIds).to.deep.equal(['0', '1'])
    expect(engineFacts({}, {DiscoveredDevices: discovered, GenericResources: told}).gpuIds).to.deep.equal(['GPU-1'])
  })
})

describe('isOlder', () => {
  for (const [a, b, older] of [
    ['1.40', '1.41', true],
    ['1.41', '1.41', false],
    ['1.9', '1.41', true],
    ['1.100', '1.41', false],
    ['2.0', '1.41', false],
    ['', '1.41', true],
    ['newest', '1.41', true],
  ] as const)
    it(`says ${older ? 'yes' : 'no'} of ${JSON.stringify(a)} beside ${b}`, () => {
      expect(isOlder(a, b)).to.equal(older)
    })
})
