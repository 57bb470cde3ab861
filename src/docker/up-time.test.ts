// The words of a listing as the longest time they can mean.
import {expect} from 'chai'
import {upAtMost} from './up-time.js'

const HOUR_MS = 3_600_000

describe('upAtMost', () => {
  for (const [words, ms] of [
    ['Up Less than a second', 1000],
    ['Up 1 second (healthy)', 2000],
    ['Up 59 seconds (health: starting)', 60_000],
    ['Up About a minute', 120_000],
    ['Up 3 minutes (Paused)', 240_000],
    ['Up About an hour', 1.5 * HOUR_MS],
    ['Up 47 hours', 47.5 * HOUR_MS],
    ['Up 3 days', 4 * 24 * HOUR_MS],
    ['Up 2 weeks', 21 * 24 * HOUR_MS],
  ] as const)
    it(`reads "${words}"`, () => {
      expect(upAtMost(words)).to.deep.equal({upAtMostMs: ms})
    })

  for (const words of ['', 'Exited (0) 3 seconds ago', 'Created', 'Restarting (1) 2 seconds ago', 'Up since ever'])
    it(`tells nothing of "${words}"`, () => {
      expect(upAtMost(words)).to.deep.equal({})
    })
})
