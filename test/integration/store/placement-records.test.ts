import {readdirSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import type {PlacementRecord} from '../../../src/model/placement-record.js'
import {timestamp} from '../../../src/model/time.js'
import {PlacementRecordFiles} from '../../../src/store/placement-records.js'
import {anId} from '../../support/build.js'
import {StateFolder} from '../../support/state-folder.js'

describe('PlacementRecordFiles', () => {
  let folder: StateFolder
  let records: PlacementRecordFiles
  beforeEach(() => {
    folder = new StateFolder()
    records = new PlacementRecordFiles(join(folder.path, 'placements'))
  })
  afterEach(() => folder.remove())

  const aRecord = (number: number, ...more: readonly number[]): PlacementRecord => ({
    runId: anId(number, 'e'),
    clusterId: anId(1, 'c'),
    at: timestamp(1_700_000_000_000 + number * 1000),
    tasks: [number, ...more].map((one) => ({id: anId(one), instance: 'a'})),
    refusedCount: 0,
    definitionId: 'web:1',
    group: 'family:web',
    constraints: [],
    strategies: ['random'],
    ranked: [{instance: 'a', counted: ['it drew 0.204']}],
    fittingCount: 1,
    unfit: {},
  })

  it('finds the record of each task of a run, for its owner only', async () => {
    await records.keep(aRecord(1, 2, 3))
    await records.keep(aRecord(4))

    expect(await records.of(anId(3))).to.deep.equal(aRecord(1, 2, 3))
    expect(await records.of(anId(4))).to.deep.equal(aRecord(4))
    expect(await records.of(anId(5))).to.equal(undefined)
    for (const name of readdirSync(records.location)) expect(statSync(join(records.location, name)).mode & 0o777).to.equal(0o600)
  })

  it('keeps the newest thousand, each at most 2 KiB for a run of ten tasks', async () => {
    for (let number = 1; number <= 1002; number += 1) await records.keep(aRecord(number))

    expect(readdirSync(records.location)).to.have.length(1000)
    expect(await records.of(anId(2))).to.equal(undefined)
    expect(await records.of(anId(3))).to.deep.equal(aRecord(3))
    expect(JSON.stringify(aRecord(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)).length).to.be.below(2048)
  })

  it('tells of all that are kept, the newest first, those of refused runs too', async () => {
    const refused = {...aRecord(2), tasks: [], refusedCount: 3}
    await records.keep(aRecord(1))
    await records.keep(refused)

    expect(await records.list()).to.deep.equal([refused, aRecord(1)])
  })

  it('passes over one that a power cut left half', async () => {
    await records.keep(aRecord(1))
    writeFileSync(join(records.location, '99999999T000000000Z-half.json'), '{"tasks":[')

    expect(await records.of(anId(1))).to.deep.equal(aRecord(1))
    expect(await records.of(anId(9))).to.equal(undefined)
    expect(await records.list()).to.deep.equal([aRecord(1)])
  })
})
