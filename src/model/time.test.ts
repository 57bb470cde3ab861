import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {instant, parseDurationSeconds, timestamp} from './time.js'

describe('timestamp and instant', () => {
  it('are the inverse of one another to the millisecond', () => {
    expect(timestamp(1_732_396_560_123)).to.equal('2024-11-23T21:16:00.123Z')
    expect(instant(timestamp(1_732_396_560_123))).to.equal(1_732_396_560_123)
  })

  it('cut the nanoseconds of Docker', () => expect(instant('2024-11-23T21:16:00.123999999Z')).to.equal(1_732_396_560_123))
})

describe('parseDurationSeconds', () => {
  for (const [text, seconds] of [
    ['0', 0],
    ['90', 90],
    ['30s', 30],
    ['5m', 300],
    ['2h', 7200],
    ['1d', 86_400],
    ['1.5m', 90],
    ['1.15h', 4140],
    ['24d', 2_073_600],
    [' 7 ', 7],
  ] as const)
    it(`reads ${JSON.stringify(text)}`, () => expect(parseDurationSeconds(text)).to.equal(seconds))

  for (const text of [
    '',
    's',
    '-1',
    '+1',
    '1e3',
    '5 m',
    '5min',
    'm5',
    '.5',
    '1.',
    '0x10',
    'Infinity',
    '1\u001b[31m',
    '0.5',
    '1.51m',
    '24.5d',
    '30d',
    `1${'0'.repeat(400)}`,
  ])
    it(`refuses ${JSON.stringify(text)}`, () => expectInvalid(() => parseDurationSeconds(text), 'InvalidDuration'))
})
