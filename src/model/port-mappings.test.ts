import {expect} from 'chai'
import {fixedHostPorts, mappedPorts, portRange} from './port-mappings.js'

const portMappings = [
  {containerPort: 80, hostPort: 8080},
  {containerPort: 53, hostPort: 0, protocol: 'udp' as const},
  {containerPortRange: '9000-9002'},
]

describe('mappedPorts', () => {
  it('tells each port as it is published on the bridge, a range port by port', () => {
    expect(mappedPorts({portMappings})).to.deep.equal([
      {containerPort: 80, hostPort: 8080, protocol: 'tcp'},
      {containerPort: 53, protocol: 'udp'},
      {containerPort: 9000, protocol: 'tcp'},
      {containerPort: 9001, protocol: 'tcp'},
      {containerPort: 9002, protocol: 'tcp'},
    ])
  })

  it('gives a port on the host’s own network itself as host port', () => {
    expect(mappedPorts({portMappings: [{containerPort: 80}]}, 'host')).to.deep.equal([{containerPort: 80, hostPort: 80, protocol: 'tcp'}])
  })

  it('lets the engine choose where the task has an interface of its own', () => {
    expect(mappedPorts({portMappings: [{containerPort: 80, hostPort: 80}]}, 'awsvpc')).to.deep.equal([{containerPort: 80, protocol: 'tcp'}])
  })

  it('knows no ports of a container without mappings', () => expect(mappedPorts({})).to.deep.equal([]))
})

describe('fixedHostPorts', () => {
  const document = (networkMode: 'bridge' | 'host' | 'awsvpc') => ({
    family: 'web',
    networkMode,
    containerDefinitions: [
      {name: 'a', image: 'a:1', portMappings},
      {name: 'b', image: 'b:1', portMappings: [{containerPort: 123, hostPort: 123, protocol: 'udp' as const}]},
    ],
  })

  it('holds what is fixed by its protocol', () => {
    expect(fixedHostPorts(document('bridge'))).to.deep.equal({tcpPorts: [8080], udpPorts: [123]})
    expect(fixedHostPorts(document('awsvpc'))).to.deep.equal({tcpPorts: [], udpPorts: []})
  })

  it('holds every port on the host’s own network', () => {
    expect(fixedHostPorts(document('host'))).to.deep.equal({tcpPorts: [80, 9000, 9001, 9002], udpPorts: [53, 123]})
  })
})

describe('portRange', () => {
  it('reads both ends', () => expect(portRange('8000-8010')).to.deep.equal([8000, 8010]))

  for (const text of ['', '80', '0-10', '10-10', '20-10', '1-65536', 'a-b', '1-2-3'])
    it(`does not take ${JSON.stringify(text)} for a range`, () => expect(portRange(text)).to.equal(undefined))
})
