import {expect} from 'chai'
import {aState, aTask, anId, anInstance} from '../../test/support/build.js'
import {instant} from '../model/time.js'
import {recentFailures} from './failures.js'

describe('recentFailures', () => {
  it('counts tasks of the revision that failed to start within five minutes, by instance', () => {
    const [a, b] = [anInstance(), anInstance({name: 'b'})]
    const failed = (number: number, said: object) =>
      aTask({
        id: anId(number),
        instanceId: a.id,
        lastStatus: 'STOPPED',
        stopCode: 'TaskFailedToStart',
        stoppedAt: '2026-11-26T10:00:00.000Z',
        ...said,
      })
    const tasks = [
      failed(1, {}),
      failed(2, {stoppedAt: '2026-11-26T10:03:00.000Z'}),
      failed(3, {instanceId: b.id}),
      failed(4, {stoppedAt: '2026-11-26T09:58:59.000Z'}),
      failed(5, {definitionId: 'web:9'}),
      failed(6, {stopCode: 'UserInitiated'}),
    ]

    const counts = recentFailures(aState({instances: [a, b], tasks}), aTask({}).definitionId, instant('2026-11-26T10:04:00.000Z'))
    expect(counts).to.deep.equal({[a.id]: 2, [b.id]: 1})
  })
})
