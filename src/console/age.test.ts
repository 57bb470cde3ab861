import {expect} from 'chai'
import {timestamp} from '../model/time.js'
import {ago} from './age.js'

describe('ago', () => {
  const now = Date.parse('2026-11-23T20:56:00.000Z')
  const cases: readonly (readonly [seconds: number, said: string])[] = [
    [-5, 'just now'],
    [0, 'just now'],
    [1, '1 second ago'],
    [59, '59 seconds ago'],
    [60, '1 minute ago'],
    [3599, '59 minutes ago'],
    [7200, '2 hours ago'],
    [200_000, '2 days ago'],
  ]

  for (const [seconds, said] of cases) {
    it(`says "${said}" after ${seconds} s`, () => {
      expect(ago(timestamp(now - seconds * 1000), now)).to.equal(said)
    })
  }
})
