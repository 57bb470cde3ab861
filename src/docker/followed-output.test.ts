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

  it('repeats nothing that stands in the log before an older message of the other stream', async () => {
    const log = [text('1', 'out\n'), text('3', 'more\n'), text('2', 'err\n', 'stderr')]

    for (const cut of [0, 1, 2, 3]) expect(await all(madeWhole(from(log.slice(0, cut)), since(log)))).to.deep.equal(log)
  })

  it('always gives the whole log once, wherever the following stopped, however many messages bear one moment and however the streams are mixed', async () => {
    const message = fc.record({moment: fc.nat(4), stream: fc.constantFrom('stdout' as const, 'stderr' as const)})
    await fc.assert(
      fc.asyncProperty(fc.array(message, {maxLength: 20}), fc.nat(), async (messages, cut) => {
        const log = rising(messages).map(({moment, stream}, number) => text(String(moment), String(number), stream))
        const whole = await all(madeWhole(from(log.slice(0, cut % (log.length + 1))), since(log)))

        expect(whole).to.deep.equal(log)
      }),
    )
  })
})

/** The same with moments that rise in each stream; the first message is the oldest. */
function rising(messages: readonly {readonly moment: number; readonly stream: OutputChunk['stream']}[]): typeof messages {
  const moments = {
    stdout: messages
      .filter(({stream}) => stream === 'stdout')
      .map(({moment}) => moment)
      .sort((a, b) => a - b),
    stderr: messages
      .filter(({stream}) => stream === 'stderr')
      .map(({moment}) => moment)
      .sort((a, b) => a - b),
  }
  const [first] = messages
  if (first) moments[first.stream].unshift(0)
  return messages.map(({stream}) => ({stream, moment: moments[stream].shift() ?? 0}))
}

function text(second: string, said: string, stream: OutputChunk['stream'] = 'stdout'): OutputChunk {
  // All within the second in which streams may be mixed.
  return {stream, at: `2026-11-27T10:00:00.${second}00000000Z`, bytes: Buffer.from(said)}
}

async function* from(chunks: readonly OutputChunk[]): Output {
  for (const chunk of chunks) yield [chunk]
}

/** The log as an engine gives it from a moment on, that one included. */
function since(log: readonly OutputChunk[]): (moment: string | undefined) => Output {
  return (moment) => from(log.filter(({at = ''}) => moment === undefined || Date.parse(at) >= Date.parse(moment)))
}

async function all(output: Output): Promise<readonly OutputChunk[]> {
  const chunks: OutputChunk[] = []
  for await (const batch of output) chunks.push(...batch)
  return chunks
}
