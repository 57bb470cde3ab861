import {expect} from 'chai'
import fc from 'fast-check'
import type {Output, OutputChunk} from '../world/engine.js'
import {prefixed} from './prefix.js'

async function textOf(chunks: readonly OutputChunk[], stream: OutputChunk['stream']): Promise<string> {
  async function* source(): Output {
    for (const chunk of chunks) yield [chunk]
  }
  let text = ''
  for await (const batch of prefixed(source(), () => 'a1  '))
    for (const chunk of batch) if (chunk.stream === stream) text += Buffer.from(chunk.bytes).toString()
  return text
}

const chunk = (text: string, stream: OutputChunk['stream'] = 'stdout'): OutputChunk => ({stream, bytes: Buffer.from(text)})

describe('prefixed', () => {
  it('marks every line and keeps empty ones', async () => {
    expect(await textOf([chunk('one\n\ntwo\n')], 'stdout')).to.equal('a1  one\na1  \na1  two\n')
  })

  it('ends a last line that has no end', async () => {
    expect(await textOf([chunk('one')], 'stdout')).to.equal('a1  one\n')
  })

  it('keeps the streams apart', async () => {
    const chunks = [chunk('ou'), chunk('err\n', 'stderr'), chunk('t\n')]

    expect(await textOf(chunks, 'stdout')).to.equal('a1  out\n')
    expect(await textOf(chunks, 'stderr')).to.equal('a1  err\n')
  })

  it('gives the same text however the output is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', '\n', 'é'), {maxLength: 40}), async (letters) => {
        const text = letters.join('')

        const whole = text === '' ? '' : await textOf([chunk(text)], 'stdout')

        expect(
          await textOf(
            letters.map((letter) => chunk(letter)),
            'stdout',
          ),
        ).to.equal(whole)
      }),
    )
  })
})
