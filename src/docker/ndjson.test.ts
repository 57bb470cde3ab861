import {expect} from 'chai'
import fc from 'fast-check'
import {GarbledStream, ToldInStream} from './garbled.js'
import {jsonLines, progressLines} from './ndjson.js'

describe('jsonLines', () => {
  it('always gives the same objects, whatever pieces the bytes come in', async () => {
    const object = fc.dictionary(
      fc.string({unit: 'grapheme', minLength: 1, maxLength: 5}).filter((key) => key !== '__proto__'),
      fc.string({unit: 'grapheme'}),
      {maxKeys: 3},
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, {maxLength: 8}),
        fc.array(fc.integer({min: 0, max: 20}), {maxLength: 40}),
        fc.boolean(),
        async (wanted, cuts, ended) => {
          const text = wanted.map((one) => JSON.stringify(one)).join('\r\n') + (ended ? '\n' : '')

          const got = await collect(jsonLines(pieces(Buffer.from(text), cuts)))

          expect(JSON.stringify(got)).to.equal(JSON.stringify(wanted))
        },
      ),
    )
  })

  for (const text of ['{"a":', 'hello', '[1]', 'null', '{"a":1}\n{"b"'])
    it(`refuses ${JSON.stringify(text)}`, async () => {
      expect(await failureOf(collect(jsonLines(pieces(Buffer.from(text), []))))).to.be.instanceOf(GarbledStream)
    })
})

describe('progressLines', () => {
  it('gives progress until a line tells a failure, and then fails with its words', async () => {
    const seen: unknown[] = []
    const text = '{"status":"Pulling"}\n{"errorDetail":{"message":"no space"},"error":"no space left"}\n'

    const failure = await failureOf(
      (async () => {
        for await (const line of progressLines(pieces(Buffer.from(text), []))) seen.push(line)
      })(),
    )

    expect(seen).to.deep.equal([{status: 'Pulling'}])
    expect(failure).to.be.instanceOf(ToldInStream).with.property('message', 'no space left')
  })

  it('fails with the detail where that is all there is', async () => {
    const failure = await failureOf(collect(progressLines(pieces(Buffer.from('{"errorDetail":{"message":"denied"}}'), []))))

    expect(failure).to.be.instanceOf(ToldInStream).with.property('message', 'denied')
  })
})

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let place = 0
  for (const size of sizes) {
    yield bytes.subarray(place, place + size)
    place += size
  }
  yield bytes.subarray(place)
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

function failureOf(deed: Promise<unknown>): Promise<unknown> {
  return deed.then(
    () => undefined,
    (error) => error,
  )
}
