import {expect} from 'chai'
import fc from 'fast-check'
import type {ToldAt} from '../model/log-mark.js'
import type {Clock} from '../world/clock.js'
import {type MergeTerms, mergeByTime} from './log-merge.js'

interface Line extends ToldAt {
  readonly source: number
  readonly number: number
}

/** Sleeps take their time by the event loop alone, and the clock tells how long they were asked to take. */
function aClock(): Clock & {readonly slept: readonly number[]} {
  let now = 0
  const slept: number[] = []
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms)
      await new Promise((resolve) => setImmediate(resolve))
      now += ms
    },
  }
}

const terms = (said: Partial<MergeTerms> = {}): MergeTerms => ({clock: aClock(), signal: new AbortController().signal, ...said})

async function* source(number: number, moments: readonly number[], pauses: readonly boolean[] = []): AsyncGenerator<readonly Line[]> {
  let batch: Line[] = []
  for (const [index, moment] of moments.entries()) {
    if (pauses[index]) {
      if (batch.length > 0) yield batch
      batch = []
      await new Promise((resolve) => setImmediate(resolve))
    }
    batch.push({source: number, number: index, at: String(moment).padStart(6, '0')})
  }
  if (batch.length > 0) yield batch
}

async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const batch of batches) all.push(...batch)
  return all
}

const aSource = fc.record({
  moments: fc.array(fc.nat(50), {maxLength: 30}).map((all) => [...all].sort((a, b) => a - b)),
  pauses: fc.array(fc.boolean(), {maxLength: 30}),
})

describe('mergeByTime', () => {
  it('gives whole logs in the exact order of time, of equal moments the first source first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aSource, {maxLength: 5}), async (sources) => {
        const merged = await collect(
          mergeByTime(
            sources.map(({moments, pauses}, index) => source(index, moments, pauses)),
            terms(),
          ),
        )

        const expected = sources
          .flatMap(({moments}, index) => moments.map((moment, number) => ({source: index, number, at: String(moment).padStart(6, '0')})))
          .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.source - b.source || a.number - b.number))
        expect(merged).to.deep.equal(expected)
      }),
    )
  })

  it('loses nothing, repeats nothing and keeps each source in its order, however long it waits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aSource, {maxLength: 4}), fc.nat(3), async (sources, patienceMs) => {
        const streams = sources.map(({moments, pauses}, index) => source(index, moments, pauses))
        const merged = await collect(mergeByTime(streams, terms({patienceMs})))

        for (const [index, {moments}] of sources.entries())
          expect(merged.filter((line) => line.source === index).map(({number}) => number)).to.deep.equal(moments.map((_, number) => number))
        expect(merged).to.have.length(sources.reduce((sum, {moments}) => sum + moments.length, 0))
      }),
    )
  })

  it('waits for a silent source no longer than its patience', async () => {
    const clock = aClock()
    const leaving = new AbortController()
    async function* silent(): AsyncGenerator<readonly Line[]> {
      await new Promise((resolve) => leaving.signal.addEventListener('abort', resolve, {once: true}))
    }
    const merged = mergeByTime([source(0, [1, 2]), silent()], terms({clock, patienceMs: 250}))

    expect((await merged.next()).value?.map(({number}: Line) => number)).to.deep.equal([0, 1])
    expect(clock.slept.every((ms) => ms <= 250)).to.equal(true)
    leaving.abort()
    expect((await merged.next()).done).to.equal(true)
  })

  it('tells what has no moment at once', async () => {
    async function* urgent(): AsyncGenerator<readonly ToldAt[]> {
      yield [{}]
    }

    expect(await collect(mergeByTime<ToldAt>([source(0, [1]), urgent()], terms()))).to.have.length(2)
  })

  it('tells what came before a failure, then the failure', async () => {
    async function* failing(): AsyncGenerator<readonly Line[]> {
      yield [{source: 1, number: 0, at: '000001'}]
      throw new Error('cut off')
    }
    const merged = mergeByTime([failing()], terms())

    expect((await merged.next()).value).to.deep.equal([{source: 1, number: 0, at: '000001'}])
    expect(
      await merged.next().then(
        () => undefined,
        (error: Error) => error.message,
      ),
    ).to.equal('cut off')
  })

  it('reads no further ahead than it may', async () => {
    let asked = 0
    async function* endless(): AsyncGenerator<readonly Line[]> {
      for (;;) yield [{source: 0, number: asked++, at: '000001'}]
    }
    const merged = mergeByTime([endless()], terms())

    await merged.next()
    await new Promise((resolve) => setImmediate(resolve))
    expect(asked).to.be.lessThan(5000)
    await merged.return(undefined)
  })
})
