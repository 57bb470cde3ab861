import {expect} from 'chai'
import fc from 'fast-check'
import type {OutputChunk} from '../world/engine.js'
import {madeWhole} from './followed-output.js'

describe('madeWhole', () => {
  const text = (stream: OutputChunk['stream'], said: string): OutputChunk => ({stream, bytes: Buffer.from(said)})

  it('adds what the log holds beyond what was followed, of each stream its own', async () => {
    const log = [text('stdout', 'one\n'), text('stderr', 'bad\n'), text('stdout', 'two\n'), text('stderr', 'worse\n')]

    expect(await said(madeWhole(from(log.slice(0, 1)), () => from(log)))).to.deep.equal({stdout: 'one\ntwo\n', stderr: 'bad\nworse\n'})
  })

  it('adds nothing where the log holds less, as after a rotation', async () => {
    expect(await said(madeWhole(from([text('stdout', 'old and new')]), () => from([text('stdout', 'new')])))).to.deep.equal({
      stdout: 'old and new',
      stderr: '',
    })
  })

  it('always gives the whole log once, wherever the following stopped and however the log is cut', async () => {
    const chunk = fc.record({
      stream: fc.constantFrom('stdout' as const, 'stderr' as const),
      said: fc.string({maxLength: 6, unit: 'binary-ascii'}),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(chunk), fc.nat(), async (chunks, cut) => {
        const log = chunks.map(({said: words, stream}) => text(stream, words))

        expect(await said(madeWhole(from(log.slice(0, cut % (log.length + 1))), () => from(log)))).to.deep.equal(await said(from(log)))
      }),
    )
  })
})

async function* from(chunks: readonly OutputChunk[]): AsyncGenerator<OutputChunk> {
  yield* chunks
}

async function said(output: AsyncIterable<OutputChunk>): Promise<{readonly stdout: string; readonly stderr: string}> {
  const all = {stdout: '', stderr: ''}
  for await (const {bytes, stream} of output) all[stream] += Buffer.from(bytes).toString()
  return all
}
