import {expect} from 'chai'
import fc from 'fast-check'
import type {OutputChunk} from '../world/engine.js'
import {timed, timedLines} from './timed.js'

const AT = '2026-11-26T16:35:10.123456789Z'

async function* source<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  for (const item of items) yield [item]
}

async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const batch of batches) all.push(...batch)
  return all
}

const plain = ({at, bytes, stream}: OutputChunk) => ({at, stream, text: Buffer.from(bytes).toString('latin1')})

describe('timed', () => {
  it('takes the moment off each message, and leaves the rest as it came', async () => {
    const bytes = Buffer.concat([Buffer.from(`${AT} `), Buffer.from([0xff, 0x00, 0x0a])])

    expect((await collect(timed(source([{stream: 'stderr', bytes} as const])))).map(plain)).to.deep.equal([
      {at: AT, stream: 'stderr', text: '\xff\x00\n'},
    ])
  })

  it('knows moments with an offset, and what is none', async () => {
    const chunks = ['2026-11-26T16:35:10.123456789+01:00 a\n', 'no moment here\n', '2026 \n'].map(
      (text) => ({stream: 'stdout', bytes: Buffer.from(text)}) as const,
    )

    expect((await collect(timed(source(chunks)))).map(plain)).to.deep.equal([
      {at: '2026-11-26T16:35:10.123456789+01:00', stream: 'stdout', text: 'a\n'},
      {at: undefined, stream: 'stdout', text: 'no moment here\n'},
      {at: undefined, stream: 'stdout', text: '2026 \n'},
    ])
  })
})

describe('timedLines', () => {
  it('gives the same messages whatever pieces a terminal’s output comes in', async () => {
    const lines = fc.array(
      fc.string({maxLength: 20}).map((text) => `${text.replaceAll('\n', '')}\r\n`),
      {maxLength: 12},
    )
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.integer({min: 1, max: 30}), {maxLength: 40}), async (told, cuts) => {
        const whole = Buffer.from(told.map((line) => `${AT} ${line}`).join(''))
        const pieces: OutputChunk[] = []
        for (let from = 0, index = 0; from < whole.length; index += 1) {
          const length = cuts[index] ?? whole.length
          pieces.push({stream: 'stdout', bytes: whole.subarray(from, from + length)})
          from += length
        }

        const got = await collect(timedLines(source(pieces)))

        expect(got.map(({bytes}) => Buffer.from(bytes).toString())).to.deep.equal(told)
        for (const {at} of got) expect(at).to.equal(AT)
      }),
    )
  })

  it('takes the moment off the later parts of a line that Docker cut', async () => {
    const part = 'x'.repeat(16 * 1024)
    const output = Buffer.from(`${AT} ${part}${AT} rest\r\n`)

    const got = await collect(timedLines(source([{stream: 'stdout', bytes: output}])))

    expect(got.map(({bytes}) => Buffer.from(bytes).toString())).to.deep.equal([part, 'rest\r\n'])
  })
})
