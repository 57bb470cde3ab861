import {expect} from 'chai'
import {copyOf, lastPart, meansContents, parentOf, parseCopySide} from './copy-path.js'

describe('parseCopySide', () => {
  const task = 'arn:aws:ecs:local:000000000000:task/prod/0a1b'
  for (const [text, side] of [
    ['4f1c:/etc/hosts', {kind: 'task', task: '4f1c', path: '/etc/hosts'}],
    ['4f1c:etc', {kind: 'task', task: '4f1c', path: 'etc'}],
    ['4f1c:', {kind: 'task', task: '4f1c', path: '/'}],
    [`${task}:/a:b`, {kind: 'task', task, path: '/a:b'}],
    ['-', {kind: 'stream'}],
    ['./a:b', {kind: 'local', path: './a:b'}],
    ['/srv/a:b', {kind: 'local', path: '/srv/a:b'}],
    ['file', {kind: 'local', path: 'file'}],
  ] as const)
    it(`reads ${JSON.stringify(text)}`, () => expect(parseCopySide(text)).to.deep.equal(side))
})

describe('copyOf', () => {
  it('goes between a task and this machine, either way', () => {
    expect(copyOf('a:/x', '.').kind).to.equal('out')
    expect(copyOf('-', 'a:/x').kind).to.equal('in')
  })

  it('goes no other way', () => {
    expect(() => copyOf('a:/x', 'b:/y')).to.throw('both in a task')
    expect(() => copyOf('x', 'y')).to.throw('both here')
  })
})

describe('the parts of a path', () => {
  it('are its parent and its last part', () => {
    for (const [path, parent, last] of [
      ['/a/b', '/a', 'b'],
      ['/a/b/', '/a', 'b'],
      ['/a', '/', 'a'],
      ['a', '.', 'a'],
      ['a/.', 'a', ''],
      ['/', '.', ''],
    ] as const) {
      expect(parentOf(path), path).to.equal(parent)
      expect(lastPart(path), path).to.equal(last)
    }
    expect(meansContents('a/.')).to.equal(true)
    expect(meansContents('a')).to.equal(false)
  })
})
