import {expect} from 'chai'
import {Histogram, prometheusText} from './prometheus.js'

describe('prometheusText', () => {
  it('writes a family with its help, its kind and its samples', () => {
    const samples = [{labels: {service: 'web', cluster: 'prod'}, value: 3}, {value: Number.POSITIVE_INFINITY}]

    expect(prometheusText([{name: 'tasks', help: 'Tasks.', kind: 'gauge', samples}])).to.equal(
      '# HELP tasks Tasks.\n# TYPE tasks gauge\ntasks{service="web",cluster="prod"} 3\ntasks +Inf\n',
    )
  })

  it('leaves out a family without samples', () => {
    expect(prometheusText([{name: 'tasks', help: 'Tasks.', kind: 'gauge', samples: []}])).to.equal('')
  })

  it('escapes what would end a label or a line', () => {
    const text = prometheusText([{name: 'a', help: 'x\ny\\', kind: 'counter', samples: [{labels: {l: 'q"\\\n'}, value: 1}]}])

    expect(text).to.equal('# HELP a x\\ny\\\\\n# TYPE a counter\na{l="q\\"\\\\\\n"} 1\n')
  })
})

describe('Histogram', () => {
  it('counts in each bucket all that is not above its bound', () => {
    const times = new Histogram([0.1, 1])
    for (const seconds of [0.05, 0.1, 0.5, 7]) times.observe(seconds)

    const told = times.samples({instance: 'a'}).map(({labels, suffix, value}) => `${suffix} ${labels?.['le'] ?? ''} ${value}`)

    expect(told).to.deep.equal(['_bucket 0.1 2', '_bucket 1 3', '_bucket +Inf 4', '_sum  7.65', '_count  4'])
  })
})
