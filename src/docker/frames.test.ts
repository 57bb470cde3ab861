import {expect} from 'chai'
import fc from 'fast-check'
import type {Output, OutputChunk} from '../world/engine.js'
import {frames, terminalOutput} from './frames.js'
import {GarbledStream, ToldInStream} from './garbled.js'

const aFrame = fc.record({
  stream: fc.constantFrom('stdout' as const, 'stderr' as const),
  bytes: fc.uint8Array({minLength: 1, maxLength: 40}),
})

describe('frames', () => {
  it('always gives the same frames, whatever pieces the bytes come in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aFrame, {maxLength: 20}),
        fc.array(fc.integer({min: 0, max: 30}), {maxLength: 60}),
        async (wanted, cuts) => {
          const got = await flat(frames(pieces(Buffer.concat(wanted.map(encoded)), cuts)))

          expect(got.map(plain)).to.deep.equal(wanted.map(plain))
        },
      ),
    )
  })

  it('reads a hundred thousand frames out of one piece', async () => {
    const one = encoded({stream: 'stdout', bytes: Buffer.from('x')})

    const got = await flat(frames(pieces(Buffer.concat(Array.from({length: 100_000}, () => one)), [])))

    expect(got).to.have.length(100_000)
  })

  it('asks for the next piece only when the frames before it were taken', async () => {
    let asked = 0
    async function* source() {
      for (;;) {
        asked += 1
        yield encoded({stream: 'stdout', bytes: Buffer.from('x')})
      }
    }

    const reader = frames(source())
    await reader.next()
    await reader.next()

    expect(asked).to.equal(2)
    await reader.return(undefined)
  })

  it('leaves empty frames out', async () => {
    expect(await collect(frames(pieces(encoded({stream: 'stdout', bytes: Buffer.alloc(0)}), [])))).to.deep.equal([])
  })

  for (const [title, bytes] of [
    ['a header that is none', Buffer.from('plain text, no frames at all')],
    ['an end inside a header', Buffer.from([1, 0, 0])],
    ['an end inside a frame', Buffer.from([1, 0, 0, 0, 0, 0, 0, 5, 65])],
    ['a length that no engine sends', Buffer.from([1, 0, 0, 0, 255, 255, 255, 255])],
  ] as const)
    it(`refuses ${title}`, async () => {
      expect(await failureOf(collect(frames(pieces(bytes, []))))).to.be.instanceOf(GarbledStream)
    })

  it('throws what the engine tells in a frame of its own', async () => {
    const told = Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 0, 0, 4]), Buffer.from('full')])

    expect(await failureOf(collect(frames(pieces(told, [])))))
      .to.be.instanceOf(ToldInStream)
      .with.property('message', 'full')
  })
})

describe('terminalOutput', () => {
  it('is all stdout', async () => {
    expect((await flat(terminalOutput(pieces(Buffer.from('a\r\n'), [])))).map(plain)).to.deep.equal(['stdout 610d0a'])
  })
})

function encoded({stream, bytes}: OutputChunk): Buffer {
  const header = Buffer.from([stream === 'stdout' ? 1 : 2, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([header, bytes])
}

/** `bytes` cut into pieces of these sizes, the rest last. */
async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let place = 0
  for (const size of sizes) {
    yield bytes.subarray(place, place + size)
    place += size
  }
  yield bytes.subarray(place)
}

function plain({stream, bytes}: OutputChunk): string {
  return `${stream} ${Buffer.from(bytes).toString('hex')}`
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

async function flat(output: Output): Promise<readonly OutputChunk[]> {
  return (await collect(output)).flat()
}

function failureOf(deed: Promise<unknown>): Promise<unknown> {
  return deed.then(
    () => undefined,
    (error) => error,
  )
}
