import {expect} from 'chai'
import {aDefinition, aDeployment, anId, anInstance, aReplica, aService, aState} from '../../../test/support/build.js'
import {unobserved} from '../../model/observation.js'
import {instant} from '../../model/time.js'
import {liveText, rolloutProgress, secondsLeft} from './progress.js'

const NOW = instant('2026-06-01T00:00:00.000Z')
const OLD = anId(9, 'd')

describe('liveText', () => {
  it('tells new and old tasks by what they run, how long it takes, and why the last one failed', () => {
    const one = anInstance({name: 'a'})
    const state = aState({
      instances: [one],
      definitions: [aDefinition(), aDefinition({revision: 2})],
      services: [aService({desiredCount: 2})],
      deployments: [aDeployment({definitionId: 'web:2'}), aDeployment({id: OLD, rolloutState: 'COMPLETED'})],
      tasks: [
        aReplica(1, {instanceId: one.id, definitionId: 'web:2'}),
        aReplica(2, {instanceId: one.id, deploymentId: OLD}),
        aReplica(3, {
          instanceId: one.id,
          definitionId: 'web:2',
          lastStatus: 'STOPPED',
          stoppedAt: '2026-05-31T23:59:59.000Z',
          stopCode: 'TaskFailedToStart',
          stoppedReason: 'CannotPullContainerError: none',
        }),
      ],
    })
    const progress = rolloutProgress({state, seen: unobserved(NOW), now: NOW, requiredAttributes: () => []}, aService({desiredCount: 2}))

    expect(liveText(progress, 12)).to.equal(
      'web:2: 1 of 2 running, 1 healthy, 1 old (web:1), 1 failed, about 12 s left\n  failed last: CannotPullContainerError: none',
    )
    expect(progress.readyCount).to.equal(1)
  })
})

describe('secondsLeft', () => {
  it('goes by the pace so far, and tells nothing where there is none or nothing is missing', () => {
    expect(secondsLeft({at: 0, readyCount: 1}, {at: 10_000, readyCount: 3}, 6)).to.equal(15)
    expect(secondsLeft({at: 0, readyCount: 0}, {at: 10, readyCount: 3}, 4)).to.equal(1)
    expect(secondsLeft({at: 0, readyCount: 1}, {at: 10_000, readyCount: 1}, 6)).to.equal(undefined)
    expect(secondsLeft({at: 0, readyCount: 1}, {at: 10_000, readyCount: 6}, 6)).to.equal(undefined)
  })
})
