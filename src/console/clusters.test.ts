import {expect} from 'chai'
import {aCluster, anInstance, aState} from '../../test/support/build.js'
import {clusterDetailsView} from './clusters.js'

describe('clusterDetailsView', () => {
  const instance = anInstance({memoryMiB: 1000})
  const shown = {state: aState({instances: [instance]}), clusters: [aCluster()]}

  it('counts what foreign containers were seen to hold as used, on the instance and in total', () => {
    const foreign = [{name: 'stranger', memoryMiB: 100, tcpPorts: [8080], udpPorts: []}]
    const seen = {at: 0, instances: {[instance.id]: {answered: true as const, containers: [], details: {}, foreign}}}

    const {text} = clusterDetailsView({...shown, seen})

    expect(text.match(/\b100 of 1000\b/g)).to.have.length(2)
    expect(text).to.include('8080')
  })

  it('counts only what is recorded where no host was asked', () => {
    expect(clusterDetailsView(shown).text.match(/\b0 of 1000\b/g)).to.have.length(2)
  })
})
