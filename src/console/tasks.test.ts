import {expect} from 'chai'
import {anInstance, aState, aTask} from '../../test/support/build.js'
import type {HostAddress} from '../model/host-address.js'
import {ranTasksView} from './tasks.js'

describe('ranTasksView', () => {
  const lines = (address: HostAddress, ...containerPorts: readonly number[]): readonly string[] => {
    const bindings = containerPorts.flatMap((containerPort, index) =>
      ['0.0.0.0', '::'].map((bindIP) => ({bindIP, containerPort, hostPort: 9000 + index, protocol: 'tcp' as const})),
    )
    const container = {name: 'web', containerName: 'berth-web', image: 'web:1', lastStatus: 'RUNNING' as const, networkBindings: bindings}
    const task = aTask({containers: [container]})
    return ranTasksView({state: aState({instances: [anInstance({address})], tasks: [task]}), tasks: [task]})
      .text.split('\n')
      .slice(0, -1)
  }

  it('tells the URL of a port of the web, once', () => {
    expect(lines({kind: 'ssh', host: 'db1'}, 80, 443, 8080)).to.deep.equal(['http://db1:9000', 'https://db1:9001', 'http://db1:9002'])
  })

  it('tells of any other port only where it is, for it may speak anything', () => {
    expect(lines({kind: 'unix', path: '/run/docker.sock'}, 5432, 22)).to.deep.equal(['localhost:9000', 'localhost:9001'])
  })

  it('keeps the brackets of an IPv6 address', () => {
    expect(lines({kind: 'ssh', host: '[2001:db8::1]'}, 80)).to.deep.equal(['http://[2001:db8::1]:9000'])
  })
})
