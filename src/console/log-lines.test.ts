import {expect} from 'chai'
import {logLine} from './log-lines.js'

const ENTRY = {time: '2026-01-02T03:04:05.000Z', level: 'warn', message: 'all\nis well', service: 'web', code: 'Odd'} as const

describe('logLine', () => {
  it('is one line whatever stands in the message', () => {
    expect(logLine(ENTRY, 'text')).to.equal('2026-01-02T03:04:05.000Z warn  all\ufffdis well [Odd]')
    expect(logLine(ENTRY, 'json')).not.to.include('\n')
  })

  it('is a document of all fields as JSON', () => {
    expect(JSON.parse(logLine(ENTRY, 'json'))).to.deep.equal(ENTRY)
  })
})
