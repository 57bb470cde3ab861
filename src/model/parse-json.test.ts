import {expect} from 'chai'
import fc from 'fast-check'
import {faultsOf} from '../../test/support/definition-faults.js'
import {parseJson} from './parse-json.js'

describe('parseJson', () => {
  it('reads what JSON.parse reads, as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), undefined, indent)
        expect(parseJson(written, 'x')).to.deep.equal(JSON.parse(written))
      }),
    )
  })

  it('refuses what JSON.parse refuses', () => {
    const fragment = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '"a"',
      '\\u00e9',
      '-',
      '01',
      '1.',
      '1e5',
      'true',
      'nul',
      ' ',
      '\n',
      '\u00a0',
      '\x07',
    )
    fc.assert(
      fc.property(fc.array(fragment, {maxLength: 8}), (fragments) => {
        const text = fragments.join('')
        if (isJson(text)) expect(parseJson(text, 'x')).to.deep.equal(JSON.parse(text))
        else expect(faultsOf(() => parseJson(text, 'x'))).to.have.lengthOf(1)
      }),
      {numRuns: 1000},
    )
  })

  it('reads a key that means something to JavaScript as any other', () => {
    expect(Object.keys(parseJson('{"__proto__":{"a":1},"constructor":2}', 'x') as object)).to.deep.equal(['__proto__', 'constructor'])
  })

  for (const [text, rule] of [
    ['', 'a value is missing at line 1, column 1'],
    ['{\n  "a": 1\n  "b": 2\n}', 'a comma or } is missing at line 3, column 3'],
    ['{\n  "a": 1,\n}', 'a key in double quotes is missing at line 3, column 1'],
    ['{"a" 1}', 'a colon is missing at line 1, column 6'],
    ['["a\n"]', 'a closing quote is missing, or a character needs a backslash at line 1, column 2'],
    ['{} {}', 'nothing may follow the end of the document at line 1, column 4'],
    ['[1, 2', 'a comma or ] is missing at line 1, column 6'],
    ['['.repeat(1000), 'deeper than 64 levels at line 1, column 66'],
  ] as const)
    it(`says where ${JSON.stringify(text.slice(0, 24))} is wrong`, () => {
      const [fault] = faultsOf(() => parseJson(text, 'web.json'))

      expect(fault?.path).to.equal('')
      expect(fault?.rule).to.include(rule)
    })

  it('names every key that stands twice', () => {
    const text = '{"a": [{"b": 1,\n "b": 2}], "c": {"c": 1},\n "a": 3}'

    expect(faultsOf(() => parseJson(text, 'web.json'))).to.deep.equal([
      {code: 'ClientException', path: 'a', rule: 'stands twice: again at line 3, column 2'},
      {code: 'ClientException', path: 'a[0].b', rule: 'stands twice: again at line 2, column 2'},
    ])
  })

  it('reads a long string at once', () => {
    expect(parseJson(JSON.stringify({a: '\\"x'.repeat(200_000)}), 'x')).to.deep.equal({a: '\\"x'.repeat(200_000)})
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    // That is the answer.
    return false
  }
}
