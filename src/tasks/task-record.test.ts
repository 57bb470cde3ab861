import {expect} from 'chai'
import {aTask, LONG_AGO} from '../../test/support/build.js'
import {namesEnvironment, parseTaskRecord, taskRecordText} from './task-record.js'

const override = {
  memory: '64',
  containerOverrides: [
    {name: 'web', command: ['date'], environment: [{name: 'A', value: 'marker-1'}]},
    {name: 'helper', cpu: 3},
  ],
}
const text = taskRecordText(aTask({override, gpuIds: ['g1'], removeWhenStopped: true, tags: {team: 'shop'}}))

describe('the record of a task on its containers', () => {
  it('is read as it was written, with the values that the container itself has', () => {
    const environments = new Map([
      [
        'web',
        [
          {name: 'PATH', value: '/bin'},
          {name: 'A', value: 'marker-1'},
        ],
      ],
    ])

    expect(parseTaskRecord(text, 'x', environments)).to.deep.equal({
      createdAt: LONG_AGO,
      override,
      gpuIds: ['g1'],
      removeWhenStopped: true,
      tags: {team: 'shop'},
    })
    expect(parseTaskRecord(taskRecordText(aTask()), 'x', new Map())).to.deep.equal({createdAt: LONG_AGO})
  })

  it('has no value of the environment', () => {
    expect(text).to.contain('"A"').and.not.to.contain('marker')
    expect(['web', 'helper', 'other'].map((name) => namesEnvironment(text, name))).to.deep.equal([true, false, false])
  })

  it('leaves out what no container knows any more', () => {
    expect(parseTaskRecord(text, 'x', new Map()).override?.containerOverrides?.[0]).to.deep.equal({
      name: 'web',
      command: ['date'],
      environment: [],
    })
  })

  for (const wrong of [undefined, '', '{', 'null', '[]', '7', '{"createdAt":7}'])
    it(`is that of a task made with its container where it is ${wrong ?? 'missing'}`, () => {
      expect(parseTaskRecord(wrong, LONG_AGO, new Map())).to.deep.equal({createdAt: LONG_AGO})
    })
})
