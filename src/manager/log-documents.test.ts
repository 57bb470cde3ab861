import {expect} from 'chai'
import type {Output, OutputChunk} from '../world/engine.js'
import {asDocuments} from './log-documents.js'

const ORIGIN = {taskId: 't1', container: 'web', instance: 'db1'}

const chunk = (text: string, stream: OutputChunk['stream'] = 'stdout', at = 'T1'): OutputChunk => ({stream, at, bytes: Buffer.from(text)})

async function documents(...batches: readonly (readonly OutputChunk[])[]): Promise<readonly object[]> {
  async function* output(): Output {
    yield* batches
  }
  let text = ''
  for await (const batch of asDocuments(output(), ORIGIN)) for (const {bytes} of batch) text += Buffer.from(bytes).toString()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as object)
}

describe('asDocuments', () => {
  it('makes one of each line, also of one that came in parts, and of one without an end', async () => {
    expect(await documents([chunk('a\nb'), chunk('c\n', 'stdout', 'T2')], [chunk('"end"', 'stderr', 'T3')])).to.deep.equal([
      {timestamp: 'T1', stream: 'stdout', ...ORIGIN, message: 'a'},
      {timestamp: 'T1', stream: 'stdout', ...ORIGIN, message: 'bc'},
      {timestamp: 'T3', stream: 'stderr', ...ORIGIN, message: '"end"'},
    ])
  })

  it('tells an empty line, and an ending of two characters as what it says', async () => {
    expect(await documents([chunk('\nx\r\n')])).to.deep.equal([
      {timestamp: 'T1', stream: 'stdout', ...ORIGIN, message: ''},
      {timestamp: 'T1', stream: 'stdout', ...ORIGIN, message: 'x\r'},
    ])
  })
})
