import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {parseEnvironment, parseEnvironmentFile} from './environment.js'

const surroundings = {HOME: '/home/me', EMPTY: '', GONE: undefined}

describe('parseEnvironment', () => {
  for (const [text, variables] of [
    ['A=1', [{name: 'A', value: '1'}]],
    ['A=', [{name: 'A', value: ''}]],
    ['A=b=c', [{name: 'A', value: 'b=c'}]],
    ['A= "quoted" $HOME ', [{name: 'A', value: ' "quoted" $HOME '}]],
    ['A=two\nlines', [{name: 'A', value: 'two\nlines'}]],
    ['HOME', [{name: 'HOME', value: '/home/me'}]],
    ['EMPTY', [{name: 'EMPTY', value: ''}]],
    ['GONE', []],
    ['NOWHERE', []],
    ['toString', []],
    ['__proto__=1', [{name: '__proto__', value: '1'}]],
  ] as const)
    it(`reads ${JSON.stringify(text)}`, () => expect(parseEnvironment([text], surroundings)).to.deep.equal(variables))

  for (const text of ['', '=1', 'A=\0', '\0A=1'])
    it(`refuses ${JSON.stringify(text)}`, () => expectInvalid(() => parseEnvironment([text], surroundings), 'InvalidEnvironment'))

  it('never tells a value in an error', () => {
    expect(() => parseEnvironment(['=hunter2'], {}))
      .to.throw()
      .with.property('message')
      .that.does.not.include('hunter2')
    expect(() => parseEnvironment(['KEY=hunter2\0'], {}))
      .to.throw()
      .with.property('message')
      .that.does.not.include('hunter2')
  })
})

describe('parseEnvironmentFile', () => {
  it('reads a file as docker does: no quotes, no expansion, no comment but at the start of a line', () => {
    const text = '\ufeff# comment\r\nA=1\r\n\r\n  B = two # not a comment\nC="q" $A\n\t# comment\nHOME\nNOWHERE\nD='

    expect(() => parseEnvironmentFile(text, surroundings, 'x.env')).to.throw('Line 4 of env file "x.env" has white space in the name.')
    expect(parseEnvironmentFile(text.replace('B = ', 'B='), surroundings, 'x.env')).to.deep.equal([
      {name: 'A', value: '1'},
      {name: 'B', value: 'two # not a comment'},
      {name: 'C', value: '"q" $A'},
      {name: 'HOME', value: '/home/me'},
      {name: 'D', value: ''},
    ])
  })

  it('reads nothing from an empty file', () => expect(parseEnvironmentFile('', {}, 'x.env')).to.deep.equal([]))

  for (const [text, said] of [
    ['A=1\n=2', 'Line 2 of env file "x.env" has no name'],
    ['A b=1', 'Line 1 of env file "x.env" has white space in the name'],
    ['A=\0', 'Line 1 of env file "x.env" holds a NUL character'],
  ] as const)
    it(`refuses ${JSON.stringify(text)} and says where`, () =>
      expectInvalid(() => parseEnvironmentFile(text, {}, 'x.env'), 'InvalidEnvironment', said))

  it('never tells a line that may be one of a secret of several lines', () =>
    expect(() => parseEnvironmentFile('KEY=-----BEGIN\ncorrect horse hunter2', {}, 'x.env'))
      .to.throw('Line 2 of')
      .with.property('message')
      .that.does.not.include('hunter2'))
})
