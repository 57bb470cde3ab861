import {expect} from 'chai'
import fc from 'fast-check'
import {expectInvalid} from '../../test/support/refusals.js'
import {checkClientToken, checkStartedBy, checkGroup, checkInstanceName, checkName, isName, quoted, shellWord, typedWith} from './names.js'

const HOSTILE = ['', ' ', 'a b', 'a/b', '../x', 'a\n', '\u001b[31m', 'ü', 'a;rm', '$(x)', 'a'.repeat(256)]

describe('checkName', () => {
  for (const name of ['a', 'A-1_b', '-a', '_', 'constructor', 'a'.repeat(255)])
    it(`takes ${name.slice(0, 20)}`, () => {
      expect(checkName('cluster', name)).to.equal(name)
      expect(isName(name)).to.equal(true)
    })

  for (const name of HOSTILE)
    it(`refuses ${JSON.stringify(name).slice(0, 20)}`, () =>
      expectInvalid(() => checkName('cluster', name), 'InvalidName', 'cannot be the name of a cluster'))
})

describe('checkInstanceName', () => {
  for (const name of ['db1.example', 'a', '9-x_y.z']) it(`takes ${name}`, () => expect(checkInstanceName(name)).to.equal(name))

  for (const name of [...HOSTILE, '.a', '-a'])
    it(`refuses ${JSON.stringify(name).slice(0, 20)}`, () =>
      expectInvalid(() => checkInstanceName(name), 'InvalidName', 'cannot be the name of an instance'))
})

describe('checkGroup', () => {
  for (const group of ['family:web', 'batch jobs', 'ü/1']) it(`takes ${group}`, () => expect(checkGroup(group)).to.equal(group))

  for (const group of ['', 'a\n', '\u202e', 'x'.repeat(256)])
    it(`refuses ${JSON.stringify(group).slice(0, 20)}`, () => expectInvalid(() => checkGroup(group), 'InvalidGroup'))
})

describe('quoted', () => {
  it('stands in double quotes, with quotes inside escaped', () => expect(quoted('say "x"')).to.equal('"say \\"x\\""'))

  it('cuts what is long', () =>
    expect(quoted('x'.repeat(500)))
      .to.have.length(83)
      .and.match(/x\.\.\."$/))

  it('escapes what would not be seen, also beyond the first plane', () => {
    expect(quoted('a\u200bb\u00ad\ufeff\u2028')).to.equal('"a\\u200bb\\u00ad\\ufeff\\u2028"')
    expect(quoted('\u{e0041}')).to.equal('"\\udb40\\udc41"')
  })

  it('never lets a control, format or separator character through', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (text) => {
        expect(quoted(text)).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})

describe('checkStartedBy and checkClientToken', () => {
  it('take what ECS takes, at its longest', () => {
    expect(checkStartedBy('cron/nightly_1-a')).to.equal('cron/nightly_1-a')
    expect(checkStartedBy('a'.repeat(128))).to.have.length(128)
    expect(checkClientToken('~'.repeat(64))).to.have.length(64)
  })

  for (const mark of ['', 'two words', 'a'.repeat(129), 'a\u001b[31m', 'größe'])
    it(`refuse ${JSON.stringify(mark.slice(0, 20))}`, () => {
      expectInvalid(() => checkStartedBy(mark), 'InvalidStartedBy')
      expectInvalid(() => checkClientToken(mark), 'InvalidClientToken')
    })
})

describe('shellWord', () => {
  it('leaves plain paths and quotes the others', () => {
    expect(['/a/b-1.json', '/a b', "it's", '$(x)'].map(shellWord)).to.deep.equal(['/a/b-1.json', "'/a b'", "'it'\\''s'", "'$(x)'"])
  })
})

describe('typedWith', () => {
  it('puts flags behind what was typed, before what is to run', () => {
    expect(typedWith(['task', 'run', 'my app'], ['--yes'])).to.equal("berth task run 'my app' --yes")
    expect(typedWith(['task', 'run', 'web', '--', 'ls', '--'], ['--secret', 'A=env:A'])).to.equal(
      'berth task run web --secret A=env:A -- ls --',
    )
  })
})
