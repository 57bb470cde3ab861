import {expect} from 'chai'
import fc from 'fast-check'
import {emptyState, type Family, type State, type Table} from '../model/state.js'
import type {Change} from '../world/store.js'
import {recordsChanged} from '../model/state-changes.js'
import {applyChanges, decodeJournal, encodeLines, type JournalHead, JournalDamage, NOTHING} from './journal-text.js'

const HEAD: JournalHead = {journal: 1, lineage: 'a', after: 0}

const families: fc.Arbitrary<Table<Family>> = fc.dictionary(
  fc.oneof(fc.constantFrom('api', 'db', 'constructor', '__proto__'), fc.string({unit: 'grapheme'})),
  fc.record({lastRevision: fc.nat(2)}, {noNullPrototype: true}),
  {noNullPrototype: true},
)

/** A state after the other, from nothing, with the changes that lead there. */
const lives = fc.array(families, {maxLength: 6, minLength: 1}).map((tables) => {
  const states = [emptyState('a'), ...tables.map((table, index): State => ({...emptyState('a'), families: table, revision: index + 1}))]
  const changes = states.slice(1).map(
    (state, index): Change => ({
      revision: state.revision,
      at: '2026-01-02T03:04:05.000Z',
      command: 'test',
      by: 'tester@here',
      because: 'a "test"\nof lines',
      records: recordsChanged(states[index] ?? emptyState('a'), state),
    }),
  )
  return {states, changes}
})

function bytesOf(changes: readonly Change[]): Buffer {
  return encodeLines(NOTHING, [HEAD, ...changes]).bytes
}

describe('a journal', () => {
  it('always leads to every state that was committed', () => {
    fc.assert(
      fc.property(lives, ({changes, states}) => {
        const journal = decodeJournal(bytesOf(changes))
        expect(journal?.head).to.deep.equal(HEAD)
        for (const state of states)
          expect(applyChanges(emptyState('a'), journal?.changes.filter(({revision}) => revision <= state.revision) ?? [])).to.deep.equal(
            state,
          )
      }),
    )
  })

  it('reads the same in pieces as whole', () => {
    fc.assert(
      fc.property(lives, fc.nat(5), ({changes}, cut) => {
        const first = encodeLines(NOTHING, [HEAD, ...changes.slice(0, cut)])
        const rest = encodeLines(first.end, changes.slice(cut))
        const begun = decodeJournal(first.bytes)
        const whole = decodeJournal(Buffer.concat([first.bytes, rest.bytes]))

        expect(begun && decodeJournal(rest.bytes, begun)).to.deep.equal({...whole, changes: changes.slice(cut)})
        expect(whole?.end).to.deep.equal(rest.end)
      }),
    )
  })

  it('leaves out a last line that is torn, and never one that is whole', () => {
    const changes = fc.sample(lives, {numRuns: 1, seed: 7})[0]?.changes ?? []
    const bytes = bytesOf(changes)
    for (let length = 0; length <= bytes.length; length += 1) {
      const lines = bytes.subarray(0, length).toString().split('\n').length - 1
      const journal = decodeJournal(bytes.subarray(0, length))
      expect(journal?.changes.length ?? -1, `${length} bytes`).to.equal(lines - 1)
    }
    const torn = Buffer.concat([bytes, Buffer.alloc(40), Buffer.from('\n')])
    expect(decodeJournal(torn)?.changes).to.have.length(changes.length)
  })

  it('never takes bytes of which one was changed before the last line', () => {
    fc.assert(
      fc.property(lives, fc.nat(), fc.integer({max: 255, min: 1}), ({changes}, at, flip) => {
        const bytes = bytesOf(changes)
        const end = bytes.lastIndexOf('\n', bytes.length - 2)
        bytes[at % end] = (bytes[at % end] ?? 0) ^ flip
        expect(() => decodeJournal(bytes)).to.throw(JournalDamage)
      }),
    )
  })

  it('never takes lines of which one is missing, or stands elsewhere', () => {
    const changes = fc.sample(lives, {numRuns: 30, seed: 3}).find((one) => one.changes.length > 4)?.changes ?? []
    const lines = bytesOf(changes)
      .toString()
      .split(/(?<=\n)/)
    const [head = '', first = '', second = '', ...rest] = lines

    for (const wrong of [
      [head, second, ...rest],
      [head, second, first, ...rest],
      [first, second, ...rest],
      [head, head, first, second, ...rest],
    ])
      expect(() => decodeJournal(Buffer.from(wrong.join('')))).to.throw(JournalDamage)
  })
})
