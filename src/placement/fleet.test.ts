import {expect} from 'chai'
import {aState, aTask, anId, anInstance, LONG_AGO} from '../../test/support/build.js'
import type {ForeignHolding, InstanceSeen, Observation} from '../model/observation.js'
import {unobserved} from '../model/observation.js'
import {buildFleet, remainingOf} from './fleet.js'

const a = anInstance({name: 'a', cpuUnits: 1024, memoryMiB: 1000, tcpPorts: [22]})
const need = {cpuUnits: 100, memoryMiB: 300, tcpPorts: [8080], udpPorts: [53], gpuCount: 0}

function seeing(look: InstanceSeen): Observation {
  return {at: 0, instances: {[a.id]: look}}
}

function answering(...foreign: readonly ForeignHolding[]): Observation {
  return seeing({answered: true, containers: [], details: {}, foreign})
}

describe('buildFleet', () => {
  it('subtracts what unstopped tasks hold, whatever their status', () => {
    const tasks = [
      aTask({id: anId(1), need, lastStatus: 'PENDING'}),
      aTask({id: anId(2), need: {...need, tcpPorts: [], udpPorts: []}, lastStatus: 'STOPPING'}),
    ]

    const fleet = buildFleet(aState({instances: [a], tasks}), a.clusterId, unobserved(0))

    expect(remainingOf(fleet, a)).to.deep.equal({cpuUnits: 824, memoryMiB: 400, tcpPorts: [22, 8080], udpPorts: [53], gpuIds: []})
  })

  it('gives back what a task held once it has stopped', () => {
    const fleet = buildFleet(aState({instances: [a], tasks: [aTask({need, lastStatus: 'STOPPED'})]}), a.clusterId, unobserved(0))

    expect(remainingOf(fleet, a)).to.deep.equal(a.registered)
  })

  it('counts the ports that an engine chose for a task, as long as its container runs', () => {
    const bound = {bindIP: '0.0.0.0', containerPort: 80, hostPort: 32_768, protocol: 'tcp' as const}
    const container = {name: 'web', containerName: 'x', image: 'web:1', networkBindings: [bound]}
    const stateWith = (lastStatus: 'RUNNING' | 'STOPPED') =>
      aState({instances: [a], tasks: [aTask({containers: [{...container, lastStatus}]})]})

    expect(remainingOf(buildFleet(stateWith('RUNNING'), a.clusterId, unobserved(0)), a).tcpPorts).to.deep.equal([22, 32_768])
    expect(remainingOf(buildFleet(stateWith('STOPPED'), a.clusterId, unobserved(0)), a).tcpPorts).to.deep.equal([22])
  })

  it('subtracts the memory and the ports of foreign containers, below zero where they hold more than there is', () => {
    const seen = answering(
      {name: 'nginx', memoryMiB: 900, tcpPorts: [80], udpPorts: []},
      {name: 'dns', memoryMiB: 200, tcpPorts: [], udpPorts: [53]},
    )

    const fleet = buildFleet(aState({instances: [a]}), a.clusterId, seen)

    expect(remainingOf(fleet, a)).to.include({cpuUnits: 1024, memoryMiB: -100})
    expect(remainingOf(fleet, a)).to.deep.include({tcpPorts: [22, 80], udpPorts: [53]})
  })

  it('has the GPUs left that no task calls its own', () => {
    const gpus = anInstance({gpuIds: ['g0', 'g1', 'g2']})

    const held = aTask({need: {...need, gpuCount: 2}, gpuIds: ['g0', 'g2']})
    const fleet = buildFleet(aState({instances: [gpus], tasks: [held]}), gpus.clusterId, unobserved(0))

    expect(remainingOf(fleet, gpus).gpuIds).to.deep.equal(['g1'])
  })

  it('holds the instances of one cluster only, in order of their names', () => {
    const instances = ['c', 'a', 'b'].map((name) => anInstance({name}))
    const elsewhere = anInstance({name: 'aa', clusterId: anId(2, 'c')})

    const fleet = buildFleet(aState({instances: [...instances, elsewhere]}), a.clusterId, unobserved(0))

    expect(fleet.candidates.map((candidate) => candidate.instance.name)).to.deep.equal(['a', 'b', 'c'])
  })

  it('lets a look decide on silence, and the record where there was no look', () => {
    const silent = anInstance({...a, ...a.registered, silentSince: LONG_AGO})
    const silence = (instance: typeof a, seen: Observation) =>
      buildFleet(aState({instances: [instance]}), a.clusterId, seen).candidates[0]?.silence

    expect(silence(a, unobserved(0))).to.equal(undefined)
    expect(silence(silent, unobserved(0))).to.equal(`silent since ${LONG_AGO}`)
    expect(silence(silent, answering())).to.equal(undefined)
    expect(silence(a, seeing({answered: false, since: LONG_AGO, why: 'no route'}))).to.equal(`silent since ${LONG_AGO}: no route`)
  })

  it('answers for an instance it does not hold with what that registered', () => {
    expect(remainingOf(buildFleet(aState(), a.clusterId, unobserved(0)), a)).to.equal(a.registered)
  })
})
