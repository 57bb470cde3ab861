import {expect} from 'chai'
import {InvalidInputError} from '../errors.js'
import {checkImage, pullReference} from './references.js'

const DIGEST = `sha256:${'ab'.repeat(32)}`

describe('pullReference', () => {
  for (const [text, repository, tagOrDigest] of [
    ['alpine', 'docker.io/library/alpine', 'latest'],
    ['alpine:3', 'docker.io/library/alpine', '3'],
    ['docker.io/alpine', 'docker.io/library/alpine', 'latest'],
    ['me/app:1.2', 'docker.io/me/app', '1.2'],
    ['localhost:5000/app', 'localhost:5000/app', 'latest'],
    ['ghcr.io/a/b/c:x', 'ghcr.io/a/b/c', 'x'],
    [`app@${DIGEST}`, 'docker.io/library/app', DIGEST],
    [`app:1@${DIGEST}`, 'docker.io/library/app', DIGEST],
  ] as const)
    it(`reads ${text} as Docker does`, () => {
      expect(pullReference(text)).to.deep.equal({repository, tagOrDigest})
    })

  for (const text of ['', 'UPPER', '-x', 'a b', 'app:', 'app@sha256:ab', '../x', DIGEST])
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => pullReference(text))
        .to.throw(InvalidInputError)
        .with.property('code', 'InvalidReference')
    })
})

describe('checkImage', () => {
  it('takes an id too', () => {
    expect(checkImage(DIGEST)).to.equal(DIGEST)
    expect(() => checkImage('')).to.throw(InvalidInputError)
  })
})
