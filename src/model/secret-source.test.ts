import {expect} from 'chai'
import {expectInvalid} from '../../test/support/refusals.js'
import {parseSecretSource} from './secret-source.js'

const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf:password::'

describe('parseSecretSource', () => {
  for (const [text, source] of [
    ['env:DB_PASSWORD', {kind: 'env', variable: 'DB_PASSWORD'}],
    ['file:secrets/my password.txt', {kind: 'file', path: 'secrets/my password.txt'}],
    ['file:/run/secrets/a:b', {kind: 'file', path: '/run/secrets/a:b'}],
    ['exec:["pass","show","db key",""]', {kind: 'exec', words: ['pass', 'show', 'db key', '']}],
    ['exec:/usr/local/bin/db-password', {kind: 'exec', words: ['/usr/local/bin/db-password']}],
    [SECRET_ARN, {kind: 'aws', reference: SECRET_ARN}],
    ['/prod/db/password', {kind: 'aws', reference: '/prod/db/password'}],
    ['db-password', {kind: 'aws', reference: 'db-password'}],
    ['environment', {kind: 'aws', reference: 'environment'}],
  ] as const)
    it(`reads ${text}`, () => expect(parseSecretSource(text)).to.deep.equal(source))

  for (const [text, said] of [
    ['', 'env:NAME'],
    ['vault:MARKER', 'env:NAME'],
    ['two MARKER', 'env:NAME'],
    ['arn:aws:MARKER', 'env:NAME'],
    ['env:', 'environment variable'],
    ['env:MAR KER', 'environment variable'],
    ['env:1MARKER', 'environment variable'],
    ['file:', 'name a file'],
    ['file:MARKER\0', 'NUL'],
    ['exec:', 'JSON list'],
    ['exec:[]', 'JSON list'],
    ['exec:[""]', 'JSON list'],
    ['exec:["MARKER', 'JSON list'],
    ['exec:["a",1,"MARKER"]', 'JSON list'],
    ['exec:["a","MARKER\\u0000"]', 'JSON list'],
    ['exec:echo MARKER', 'JSON list'],
  ] as const)
    it(`refuses ${JSON.stringify(text)} and tells its kind alone`, () => {
      expectInvalid(() => parseSecretSource(text), 'InvalidSecret', said)
      expect(() => parseSecretSource(text))
        .to.throw()
        .with.property('message')
        .that.does.not.include('MARKER')
    })
})
