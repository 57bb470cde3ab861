import {expect} from 'chai'
import {aCluster, anInstance, aState, aTask} from '../../test/support/build.js'
import {recordsChanged} from '../model/state-changes.js'
import type {State} from '../model/state.js'
import {entriesOf} from './state-news.js'

const AT = '2026-01-02T03:04:05.000Z'
const cluster = aCluster()
const told = (before: State, after: State, id = cluster.id) =>
  entriesOf({at: AT, because: '', by: '', command: '', revision: 2, records: recordsChanged(before, after)}, before, after, id)

describe('entriesOf', () => {
  it('tells of a task that has stopped, where, and why', () => {
    const instances = [anInstance()]
    const before = aState({instances, tasks: [aTask()]})
    const stopped = aTask({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
    })

    const [entry] = told(before, aState({instances, tasks: [stopped]}))

    expect(entry).to.deep.equal({
      time: AT,
      level: 'warn',
      message: `task ${stopped.id} has stopped on a: Essential container in task exited`,
      task: stopped.id,
      instance: 'a',
      cluster: 'prod',
    })
  })

  it('tells of a host that falls silent, and of one that answers again', () => {
    const [well, silent] = [aState({instances: [anInstance()]}), aState({instances: [anInstance({silentSince: AT})]})]

    expect(told(well, silent).map(({message}) => message)).to.deep.equal(['instance a does not answer'])
    expect(told(silent, well).map(({message}) => message)).to.deep.equal(['instance a answers again'])
  })

  it('says nothing of other clusters, nor of what is no news', () => {
    const before = aState({instances: [anInstance()], tasks: [aTask()]})
    const after = aState({instances: [anInstance({silentSince: AT})], tasks: [aTask({version: 2})]})

    expect(told(before, after, 'another')).to.deep.equal([])
    expect(told(before, aState({instances: [anInstance()], tasks: [aTask({version: 2})]}))).to.deep.equal([])
  })
})
