import {expect} from 'chai'
import {missingFailure, placementFailures} from './failures.js'

describe('placementFailures', () => {
  const reason = (instanceId: string, code: string, said: string) => ({instanceId, instance: `name of ${instanceId}`, code, said})

  it('has an entry for each instance and reason, said once however many tasks were refused', () => {
    const reasons = [reason('1', 'AGENT', 'silent'), reason('1', 'RESOURCE:CPU', 'needs 2'), reason('2', 'AGENT', 'silent')]

    expect(
      placementFailures('prod', [
        {index: 0, reasons},
        {index: 1, reasons},
        {index: 2, reasons: [...reasons]},
      ]),
    ).to.deep.equal([
      {arn: 'arn:aws:ecs:local:000000000000:container-instance/prod/1', reason: 'AGENT', detail: 'silent'},
      {arn: 'arn:aws:ecs:local:000000000000:container-instance/prod/1', reason: 'RESOURCE:CPU', detail: 'needs 2'},
      {arn: 'arn:aws:ecs:local:000000000000:container-instance/prod/2', reason: 'AGENT', detail: 'silent'},
    ])
  })

  it('is empty where there is no instance, and where nothing was refused', () => {
    expect(placementFailures('prod', [{index: 0, reasons: []}])).to.deep.equal([])
    expect(placementFailures('prod', [])).to.deep.equal([])
  })
})

describe('missingFailure', () => {
  it('says what is missing', () => expect(missingFailure('arn:x')).to.deep.equal({arn: 'arn:x', reason: 'MISSING'}))
})
