import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {parseMemoryMiB} from './size.js'

describe('parseMemoryMiB', () => {
  for (const [text, sizeMiB] of [
    ['0', 0],
    ['512', 512],
    ['512m', 512],
    ['512MiB', 512],
    ['512MB', 512],
    ['2g', 2048],
    ['2 GB', 2048],
    ['1.5g', 1536],
    ['1t', 1_048_576],
    ['2048k', 2],
    ['1048576b', 1],
  ] as const)
    it(`reads ${JSON.stringify(text)}`, () => expect(parseMemoryMiB(text)).to.equal(sizeMiB))

  for (const text of ['', 'm', '-1', '1.5', '1k', '100b', '1e3', '512x', '5 1 2', 'NaN', `1${'0'.repeat(30)}`, '1\u0007'])
    it(`refuses ${JSON.stringify(text)}`, () => expectInvalid(() => parseMemoryMiB(text), 'InvalidSize'))
})
