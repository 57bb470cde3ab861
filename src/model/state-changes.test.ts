import {expect} from 'chai'
import fc from 'fast-check'
import {emptyState, type Family, type State, type Table} from './state.js'
import {recordsChanged} from './state-changes.js'

const families: fc.Arbitrary<Table<Family>> = fc.dictionary(
  fc.constantFrom('api', 'db', 'constructor', '__proto__'),
  fc.record({lastRevision: fc.nat(2)}, {noNullPrototype: true}),
  {noNullPrototype: true},
)

describe('recordsChanged', () => {
  it('always leads from the one state to the other', () => {
    fc.assert(
      fc.property(families, families, (before, after) => {
        const records = new Map(Object.entries(before))
        for (const {id, record} of recordsChanged(stateOf(before), stateOf(after))) {
          if (record === null) records.delete(id)
          else records.set(id, record as Family)
        }
        expect(records).to.deep.equal(new Map(Object.entries(after)))
      }),
    )
  })

  it('never tells a record that is the same in both', () => {
    fc.assert(
      fc.property(families, (table) => {
        expect(recordsChanged(stateOf(table), stateOf(JSON.parse(JSON.stringify(table))))).to.deep.equal([])
      }),
    )
  })

  it('tells the changes in the order of their ids', () => {
    const changes = recordsChanged(
      stateOf({a: {lastRevision: 1}, c: {lastRevision: 1}}),
      stateOf({b: {lastRevision: 1}, c: {lastRevision: 2}}),
    )

    expect(changes).to.deep.equal([
      {id: 'a', record: null, table: 'families'},
      {id: 'b', record: {lastRevision: 1}, table: 'families'},
      {id: 'c', record: {lastRevision: 2}, table: 'families'},
    ])
  })
})

function stateOf(table: Table<Family>): State {
  return {...emptyState('a'), families: table}
}
