// What `doctor` tells of services and daemons.
import {expect} from 'chai'
import {unobserved} from '../model/observation.js'
import {put, type State} from '../model/state.js'
import {instant} from '../model/time.js'
import {
  aCluster,
  aDefinition,
  aDeployment,
  aDocument,
  anId,
  anInstance,
  aReplica,
  aService,
  aState,
  LONG_AGO,
} from '../../test/support/build.js'
import {diagnoseWorkloads} from './diagnose-workloads.js'

const NOW = instant(LONG_AGO) + 24 * 60 * 60 * 1000

const state = (count: number, document = aDocument()): State =>
  aState({
    instances: [anInstance()],
    definitions: [aDefinition({document})],
    services: [aService({desiredCount: 2})],
    deployments: [aDeployment({rolloutState: 'COMPLETED'})],
    tasks: Array.from({length: count}, (_, slot) => aReplica(slot + 1)),
  })

const told = (of: State, isKept = false) =>
  diagnoseWorkloads({state: of, seen: unobserved(NOW), now: NOW, requiredAttributes: () => []}, aCluster().id, isKept)

describe('diagnoseWorkloads', () => {
  it('is content with a service that has what it wants', () => {
    expect(told(state(2))).to.deep.equal([{what: 'service', severity: 'ok', said: 'web: 2 of 2 running, 2 healthy'}])
  })

  it('names who carries a service on that lacks tasks', () => {
    expect(told(state(1))).to.deep.equal([
      {what: 'service', severity: 'problem', said: 'web: 1 of 2 running, 1 healthy', mend: 'berth cluster settle -c prod'},
    ])
    expect(told(state(1), true)[0]).to.include({mend: 'berth service describe web -c prod'})
  })

  it('shows the way back from a deployment that failed', () => {
    const known = state(2)
    const failed = {
      ...known,
      deployments: put({}, anId(1, 'd'), aDeployment({rolloutState: 'FAILED', rolloutStateReason: 'tasks failed.'})),
    }

    expect(told(failed)[0]).to.include({severity: 'problem', mend: 'berth service rollback web -c prod'})
  })

  it('tells of tasks that nobody brings back', () => {
    const [container] = aDocument().containerDefinitions
    const pair = {...aDocument(), containerDefinitions: [container, {...container, name: 'helper'}]} as ReturnType<typeof aDocument>

    expect(told(state(2, pair))[0]).to.include({severity: 'note', mend: 'berth controller run -c prod'})
    expect(told(state(2, pair), true)[0]).to.include({severity: 'ok'})
  })
})
