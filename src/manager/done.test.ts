import {expect} from 'chai'
import {anInstance} from '../../test/support/build.js'
import {EngineError, type KnownError, UnreachableError} from '../errors.js'
import type {Outcome} from './work.js'
import {failureOf} from './done.js'

const leave = (name: string, error?: KnownError): Outcome => ({
  action: {kind: 'leaveInstance', instance: anInstance({name}), orphans: [], forget: false, because: 'test'},
  ...(error ? {error} : {}),
})

const silent = new UnreachableError('HostSilent', 'web1 is silent.', {suggestions: ['ssh web1 docker version']})
const refused = new EngineError('EngineRefused', 'db1 refuses.', {suggestions: ['docker -H ssh://db1 version']})

describe('failureOf', () => {
  it('is nothing where all was done', () => {
    expect(failureOf([leave('a'), leave('b')])).to.equal(undefined)
  })

  it('is the very failure where there is one, however many actions waited for it', () => {
    expect(failureOf([leave('a', silent), leave('b', silent), leave('c')])).to.equal(silent)
  })

  it('tells every failure and how much was done, by the family of the first', () => {
    const failure = failureOf([leave('a', silent), leave('b', refused), leave('c')])

    expect(failure).to.be.instanceOf(UnreachableError)
    expect(failure).to.include({code: 'HostSilent', exitCode: 6, message: 'web1 is silent.\ndb1 refuses.\n1 of 3 actions were done.'})
    expect(failure?.suggestions).to.deep.equal(['ssh web1 docker version', 'docker -H ssh://db1 version'])
  })
})
