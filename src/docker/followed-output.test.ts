import {expect} from 'chai'
import fc from 'fast-check'
import type {Output, OutputChunk} from '../world/engine.js'
import {madeWhole} from './followed-output.js'

describe('madeWhole', () => {
  it('adds what the log holds beyond what was followed', async () => {
    const log = [text('1', 'one\n'), text('2', 'bad\n', 'stderr'), text('3', 'two\n'), text('3', 'worse\n', 'stderr')]

    expect(await all(madeWhole(from(log.slice(0, 1)), since(log)))).to.deep.equal(log)
  })

  it('adds nothing where the log begins anew, as after a rotation', async () => {
    const [old, ...rest] = [text('1', 'old'), text('2', 'new')] as const

    expect(await all(madeWhole(from([old, ...rest]), since(rest)))).to.deep.equal([old, ...rest])
  })

  it('always gives the whole log once, wherever the following stopped and however many messages bear one moment', async () => {
    const moments = fc.array(fc.nat(4), {maxLength: 20}).map((all) => [...all].sort((a, b) => a - b))
    await fc.assert(
      fc.asyncProperty(moments, fc.nat(), async (at, cut) => {
        const log = at.map((moment, number) => text(String(moment), String(number)))

        expect(await all(madeWhole(from(log.slice(0, cut % (log.length + 1))), since(log)))).to.deep.equal(log)
      }),
    )
  })
})

function text(at: string, said: string, stream: OutputChunk['stream'] = 'stdout'): OutputChunk {
  return {stream, at, bytes: Buffer.from(said)}
}

async function* from(chunks: readonly OutputChunk[]): Output {
  for (const chunk of chunks) yield [chunk]
}

/** The log as an engine gives it from a moment on, that one included. */
function since(log: readonly OutputChunk[]): (moment: string | undefined) => Output {
  return (moment = '') => from(log.filter(({at = ''}) => at >= moment))
}

async function all(output: Output): Promise<readonly OutputChunk[]> {
  const chunks: OutputChunk[] = []
  for await (const batch of output) chunks.push(...batch)
  return chunks
}
