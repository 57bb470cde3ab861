import {expect} from 'chai'
import fc from 'fast-check'
import {emptyState, put, type State} from '../model/state.js'
import {decodeState, StateEncoder, type StateDocument} from './state-document.js'

const COMMIT = {at: '2026-01-02T03:04:05.000Z', because: 'a test', by: 'tester@here', command: 'test'}

const states: fc.Arbitrary<State> = fc
  .record(
    {
      families: fc.dictionary(fc.string({unit: 'grapheme'}), fc.record({lastRevision: fc.nat()}, {noNullPrototype: true}), {
        noNullPrototype: true,
      }),
      lineage: fc.string({unit: 'grapheme'}),
      revision: fc.nat(),
    },
    {noNullPrototype: true},
  )
  .map(({families, lineage, revision}) => ({...emptyState(lineage), families, revision}))

describe('decodeState', () => {
  it('always gives back what was encoded, whatever the names', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(decoded(bytesOf({commit: COMMIT, state}))).to.deep.equal({commit: COMMIT, state, hasJournal: true})
      }),
    )
  })

  it('never takes bytes of which one was changed', () => {
    const bytes = bytesOf({commit: COMMIT, state: {...emptyState('a'), families: {web: {lastRevision: 3}}}})

    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({max: 255, min: 1}), (at, flip) => {
        const changed = Buffer.from(bytes)
        changed[at] = (bytes[at] ?? 0) ^ flip
        expect(() => decoded(changed))
          .to.throw()
          .with.property('code')
          .that.matches(/^State(Corrupt|TooNew)$/)
      }),
    )
  })

  it('never takes bytes that were cut', () => {
    const bytes = bytesOf({commit: COMMIT, state: emptyState('a')})

    for (let length = 0; length < bytes.length; length++)
      expect(() => decoded(bytes.subarray(0, length)))
        .to.throw()
        .with.property('code', 'StateCorrupt')
  })
})

describe('StateEncoder', () => {
  it('writes the same text for records it knows as for records it sees first', () => {
    const encoder = new StateEncoder()
    const first = {...emptyState('a'), families: {web: {lastRevision: 3}}}
    const second = {...first, families: put(first.families, 'api', {lastRevision: 1}), revision: 1}
    encoder.encode({commit: COMMIT, state: first})

    expect(Buffer.concat(encoder.encode({commit: COMMIT, state: second})).toString()).to.equal(
      bytesOf({commit: COMMIT, state: second}).toString(),
    )
  })
})

function bytesOf(document: StateDocument): Buffer {
  return Buffer.concat(new StateEncoder().encode(document))
}

function decoded(bytes: Buffer): StateDocument {
  return decodeState(bytes, '/x/state.json')
}
