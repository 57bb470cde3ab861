import {expect} from 'chai'
import fc from 'fast-check'
import {STATE_VERSION} from '../model/state.js'
import type {KeptRecord, WantedRecord} from '../model/kept-record.js'
import {aCluster, aDefinition, anInstance, aState, aTask, LONG_AGO} from '../../test/support/build.js'
import {hashOfRecords, newestRecords, recordChanges, recordsWanted} from './kept-records.js'

const clusterId = aCluster().id
const names = (records: readonly WantedRecord[] = []) => records.map(({kind, name}) => `${kind} ${name}`)

describe('recordsWanted', () => {
  const instances = ['a', 'b', 'c', 'd'].map((name, index) => anInstance({name, registeredAt: LONG_AGO.replace('05.000', `0${index}.000`)}))
  const [web, api] = [aDefinition(), aDefinition({family: 'api'})]
  const [, , , last] = instances
  const of = (state = aState({instances, definitions: [web, api]})) => recordsWanted(state, aCluster())

  it('has the three that joined first keep all definitions', () => {
    expect(instances.map(({id}) => names(of().get(id)).filter((one) => one.startsWith('definition')).length)).to.deep.equal([2, 2, 2, 0])
  })

  it('has every other one keep the definitions of its own tasks, also of those that have stopped', () => {
    const task = aTask({instanceId: last?.id ?? '', lastStatus: 'STOPPED'})

    expect(names(of(aState({instances, definitions: [web, api], tasks: [task]})).get(last?.id ?? ''))).to.deep.equal([
      `cluster ${clusterId}`,
      `instance ${last?.id}`,
      'definition web:1',
    ])
  })

  it('keeps the last number of a family whose last definition is gone', () => {
    const state = {...aState({instances, definitions: [web]}), families: {web: {lastRevision: 4}}}

    expect(of(state).get(instances[0]?.id ?? '')).to.deep.include({kind: 'family', clusterId, name: 'web', record: {lastRevision: 4}})
  })

  it('gives nothing to one that has not joined yet, or leaves', () => {
    const going = instances.map((one, index) => (index === 0 ? {...one, status: 'DEREGISTERING' as const} : one))

    expect([...of(aState({instances: going})).keys()]).to.have.members(instances.slice(1).map(({id}) => id))
  })

  it('is not another because a host fell silent, or because its version rose', () => {
    const later = instances.map((one) => ({...one, version: 9, silentSince: LONG_AGO, keptRecordsHash: 'x'}))
    const hashes = [instances, later].map((these) => [...of(aState({instances: these, definitions: [web]})).values()].map(hashOfRecords))

    expect(hashes[0]).to.deep.equal(hashes[1])
  })

  it('is another once a definition is INACTIVE', () => {
    const hashes = [web, {...web, status: 'INACTIVE' as const}].map((one) =>
      hashOfRecords(of(aState({instances, definitions: [one]})).get(instances[0]?.id ?? '') ?? []),
    )

    expect(hashes[0]).not.to.equal(hashes[1])
  })
})

describe('recordChanges', () => {
  const aWanted = fc
    .record({kind: fc.constantFrom('family', 'definition'), name: fc.constantFrom('a', 'b', 'c'), said: fc.nat(2)})
    .map(({kind, name, said}): WantedRecord => ({kind: kind as 'family', clusterId, name, record: {said}}))
  const someWanted = fc.uniqueArray(aWanted, {selector: ({kind, name}) => kind + name})
  const someKept = fc.uniqueArray(
    fc.tuple(aWanted, fc.nat(9)).map(([one, generation]): KeptRecord => ({...one, generation, version: STATE_VERSION})),
    {
      selector: ({generation, kind, name}) => `${kind}${name}${generation}`,
    },
  )
  const leftBy = (found: readonly KeptRecord[], wanted: readonly WantedRecord[], epoch: number) => {
    const {drop, keep} = recordChanges(found, wanted, clusterId, epoch)
    const isSame = (one: KeptRecord) => (other: KeptRecord) =>
      one.kind === other.kind && one.name === other.name && one.generation === other.generation
    return [...found.filter((one) => !keep.some(isSame(one)) && !drop.some(isSame(one))), ...keep]
  }

  it('always leaves just what is wanted, each once, where nobody was there with a newer state', () => {
    fc.assert(
      fc.property(someKept, someWanted, (found, wanted) => {
        const kept = leftBy(found, wanted, 10)
        expect(kept.map(({generation: _, version: __, ...one}) => one)).to.have.deep.members([...wanted])
      }),
    )
  })

  it('never touches what a newer state has written', () => {
    fc.assert(
      fc.property(someKept, someWanted, fc.nat(9), (found, wanted, epoch) => {
        expect(leftBy(found, wanted, epoch)).to.include.deep.members(found.filter(({generation}) => generation > epoch))
      }),
    )
  })

  it('has nothing to do the second time', () => {
    fc.assert(
      fc.property(someKept, someWanted, fc.nat(9), (found, wanted, epoch) => {
        expect(recordChanges(leftBy(found, wanted, epoch), wanted, clusterId, epoch)).to.deep.include({keep: [], drop: []})
      }),
    )
  })

  it('touches nothing of another cluster', () => {
    const other: KeptRecord = {kind: 'family', clusterId: 'e'.repeat(32), name: 'web', generation: 1, version: STATE_VERSION, record: {}}

    expect(recordChanges([other], [], clusterId, 9)).to.deep.include({keep: [], drop: []})
    expect([...newestRecords([other, {...other, generation: 0}]).values()]).to.deep.equal([other])
  })
})
