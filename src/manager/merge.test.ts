import {expect} from 'chai'
import fc from 'fast-check'
import {merge} from './merge.js'

async function* from<T>(items: readonly T[]): AsyncIterable<T> {
  for (const item of items) yield item
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

describe('merge', () => {
  it('never loses an item and never reorders those of one source', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.nat()), {maxLength: 5}), async (sources) => {
        const tagged = sources.map((items, source) => items.map((item, index) => ({source, index, item})))

        const merged = await all(merge(tagged.map(from)))

        for (const [source, items] of tagged.entries()) expect(merged.filter((one) => one.source === source)).to.deep.equal(items)
        expect(merged).to.have.length(tagged.flat().length)
      }),
    )
  })

  it('fails with the error of the source that fails', async () => {
    async function* failing(): AsyncIterable<number> {
      yield 1
      throw new Error('cut off')
    }

    const error = await all(merge([from([1]), failing()])).catch((caught: Error) => caught)

    expect(error).to.be.an('error').with.property('message', 'cut off')
  })
})
