import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {parseTypedFileSystem, parseTypedSecret} from './run-sources.js'

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db=main-AbCdEf:password::'

describe('parseTypedSecret', () => {
  for (const [text, read] of [
    ['PASSWORD=env:DB', {name: 'PASSWORD', source: {kind: 'env', variable: 'DB'}}],
    ['PASSWORD=file:a b=c', {name: 'PASSWORD', source: {kind: 'file', path: 'a b=c'}}],
    ['PASSWORD=file:x=env:y', {name: 'PASSWORD', source: {kind: 'file', path: 'x=env:y'}}],
    ['PASSWORD=exec:["pass","show db"]', {name: 'PASSWORD', source: {kind: 'exec', words: ['pass', 'show db']}}],
    [`${ARN}=env:DB`, {name: ARN, source: {kind: 'env', variable: 'DB'}}],
    ['/prod/db=file:x', {name: '/prod/db', source: {kind: 'file', path: 'x'}}],
  ] as const)
    it(`reads ${text}`, () => expect(parseTypedSecret(text)).to.deep.equal(read))

  for (const text of [
    '',
    'PASSWORD',
    'PASSWORD=',
    '=env:DB',
    'PASSWORD=env:',
    'PASSWORD=/prod/db',
    'PASSWORD=exec:two words',
    'PASSWORD=ENV:DB',
  ])
    it(`refuses ${JSON.stringify(text)}`, () => expectInvalid(() => parseTypedSecret(text), 'InvalidSecret'))

  it('never tells a value that was typed in place of a source', () => {
    for (const text of ['PASSWORD=hunter2', 'PASSWORD=env:hunter2!', 'PASSWORD=exec:["hunter2"'])
      expect(() => parseTypedSecret(text))
        .to.throw()
        .with.property('message')
        .that.does.not.include('hunter2')
  })
})

describe('parseTypedFileSystem', () => {
  for (const [text, read] of [
    ['fs-1=nfs://nas.example/export', {fileSystemId: 'fs-1', server: 'nas.example', path: '/export'}],
    ['fs-1=nfs://10.0.0.1/', {fileSystemId: 'fs-1', server: '10.0.0.1', path: '/'}],
    ['fs-1=nfs://[fd00::1]/a b', {fileSystemId: 'fs-1', server: 'fd00::1', path: '/a b'}],
  ] as const)
    it(`reads ${text}`, () => expect(parseTypedFileSystem(text)).to.deep.equal(read))

  for (const text of [
    '',
    'fs-1',
    'fs-1=',
    'fs-1=nas:/export',
    'fs-1=nfs://nas',
    'fs-1=nfs:///export',
    '=nfs://nas/x',
    'fs-1=nfs://nas/x,rw',
    'fs-1=nfs://nas/\n',
  ])
    it(`refuses ${JSON.stringify(text)}`, () => expectInvalid(() => parseTypedFileSystem(text), 'InvalidFileSystem'))
})
