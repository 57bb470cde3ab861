import {expect} from 'chai'
import fc from 'fast-check'
import {faultsOf} from '../../test/support/definition-faults.js'
import {parseYaml} from './parse-yaml.js'

describe('parseYaml', () => {
  it('reads JSON as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({noUnicodeString: true}), (value) => {
        expect(parseYaml(JSON.stringify(value), 'x')).to.deep.equal(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('reads words, numbers and dates as YAML 1.2 has them', () => {
    const text = 'yes: no\nport: "80"\ncount: 010\ndate: 2026-01-02\nnothing:\nlist: [a, 1]\nbase: &base {a: 1}\ncopy: *base\n'

    expect(parseYaml(text, 'x')).to.deep.equal({
      yes: 'no',
      port: '80',
      count: 10,
      date: '2026-01-02',
      nothing: null,
      list: ['a', 1],
      base: {a: 1},
      copy: {a: 1},
    })
  })

  for (const [text, rule] of [
    ['a: 1\na: 2', 'a key stands twice at line 2, column 1'],
    ['a:\n\t- 1', 'a tab stands where YAML wants spaces at line 2'],
    ['a: [1, 2', 'a closing bracket is missing at line 1'],
    ['a: "b', 'bracket, comma or colon is missing at line 1'],
    ['a: *b', 'an alias has no anchor before it at line 1, column 4'],
    ['a: 1\n---\nb: 2', 'more than one document at line 2'],
    ['a: !Ref Image', 'it has a tag that means nothing here at line 1, column 4'],
    ['a: b: c', 'a key and its value do not stand on one line'],
  ] as const)
    it(`says where ${JSON.stringify(text)} is wrong`, () => {
      const [fault] = faultsOf(() => parseYaml(text, 'web.yaml'))

      expect(fault?.rule).to.match(/^is not YAML: /)
      expect(fault?.rule).to.include(rule)
    })

  it('tells every fault at once', () => {
    expect(faultsOf(() => parseYaml('a: 1\na: 2\nb: *c\n', 'web.yaml'))).to.have.lengthOf(2)
  })

  it('refuses lines that stand for more than fits into the memory', () => {
    const lines = Array.from({length: 9}, (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`)

    expect(faultsOf(() => parseYaml(['a0: &a0 x', ...lines].join('\n'), 'bomb.yaml'))[0]?.rule).to.include('aliases')
  })

  it('answers text that is nested beyond all measure', () => {
    for (const text of ['['.repeat(10_000), `${'['.repeat(10_000)}${']'.repeat(10_000)}`, '- '.repeat(10_000), '? '.repeat(10_000)])
      expect(faultsOf(() => parseYaml(text, 'deep.yaml'))).to.not.be.empty
  })
})
