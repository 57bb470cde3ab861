// Commits that go beyond what etcd takes at once, and writers that are killed in the middle of one.
import {setTimeout as sleep} from 'node:timers/promises'
import {expect} from 'chai'
import type {State} from '../../../../src/model/state.js'
import {EtcdCluster} from '../../../support/etcd/cluster.js'
import {waitUntil} from '../../../support/hosts/programs.js'
import {addFamily, rejectionOf, TEST_WHY} from '../../../support/state-folder.js'
import {Workers} from '../../../support/workers.js'

describe('a large commit in etcd', function () {
  this.timeout(120_000)
  let cluster: EtcdCluster
  let workers: Workers
  before(async () => {
    cluster = await EtcdCluster.start()
    workers = new Workers(new URL('../worker.ts', import.meta.url))
  })
  after(async () => {
    await workers.close()
    await cluster.stop()
  })

  for (const [what, count, bytes] of [
    ['a thousand records', 1000, 10],
    ['five megabytes', 50, 100_000],
    ['a hundred thousand bytes of history and a thousand records', 1000, 100],
  ] as const)
    it(`takes ${what} as one revision, and gives them back`, async () => {
      const prefix = `large/${count}-${bytes}`
      const store = cluster.open(prefix)
      await store.update(TEST_WHY, addFamily('before'))

      await store.update(TEST_WHY, (state) => ({result: undefined, state: {...state, families: families(count, bytes)}}))

      const other = cluster.open(prefix)
      const {state, revision} = await other.read()
      expect(revision).to.equal(2)
      expect(state.families).to.deep.equal(families(count, bytes))
      expect((await other.history()).map(({records}) => records.length)).to.deep.equal([1, count + 1])
      expect((await other.at(1)).families).to.deep.equal({before: {lastRevision: 1}})
      expect((await cluster.keys(prefix)).filter((key) => key.includes('/state/'))).to.have.length(count)
    })

  it('refuses a record that alone is too large, names it, and leaves the state as it was', async () => {
    const store = cluster.open('record')
    await store.update(TEST_WHY, addFamily('a'))

    const error = await rejectionOf(store.update(TEST_WHY, (state) => ({result: 1, state: {...state, families: families(1, 1_100_000)}})))

    expect(error).to.include({code: 'StateRecordTooLarge', exitCode: 8})
    expect(error.message).to.include('"families/f0"').and.not.include('xxxx')
    expect((await cluster.open('record').read()).revision).to.equal(1)
  })

  it('forgets its parts with its history, and the history after a thousand commits', async () => {
    const store = cluster.open('forgotten')
    await store.update(TEST_WHY, (state) => ({result: undefined, state: {...state, families: families(200, 10)}}))

    for (let n = 0; n < 26; n++)
      await Promise.all(Array.from({length: 40}, (_, index) => store.update(TEST_WHY, addFamily(`g${n}-${index}`))))

    const keys = await cluster.keys('forgotten')
    expect(keys.filter((key) => key.includes('/history/'))).to.have.length(1000)
    expect(keys.filter((key) => key.includes('/parts/'))).to.deep.equal([])
    expect(await rejectionOf(store.at(40))).to.include({code: 'RevisionNotKept'})
    expect(Object.keys((await store.at(41)).families)).to.have.length(240)
  })

  for (const [moment, isReached] of [
    ['its first part lies there', (keys: readonly string[]) => keys.some((key) => key.includes('/parts/'))],
    ['five parts lie there', (keys: readonly string[]) => keys.filter((key) => key.includes('/parts/')).length >= 5],
    ['it has just become the newest', (keys: readonly string[]) => keys.includes('PREFIX/pending')],
    [
      'its records are being spread',
      (keys: readonly string[]) => keys.includes('PREFIX/pending') && keys.filter((key) => key.includes('/state/')).length > 400,
    ],
  ] as const)
    it(`stands whole or not at all when its writer is killed once ${moment}`, async () => {
      const prefix = `killed/${moment.replaceAll(' ', '-')}`
      await cluster.open(prefix).update(TEST_WHY, addFamily('before'))
      const writer = workers.start('putMany', cluster.address(prefix), 6000)
      const seen = new Set<number>()
      const look = async () => seen.add(Object.keys((await cluster.open(prefix).read()).state.families).length)

      await waitUntil(moment, async () => isReached((await cluster.keys(prefix)).map((key) => key.replace(prefix, 'PREFIX'))))
      writer.process.kill('SIGKILL')
      expect(await writer.ended).to.equal('SIGKILL')
      await look()
      // Whoever writes next finishes what was begun, or clears it away.
      await cluster
        .open(prefix)
        .update(TEST_WHY, (state) => ({result: undefined, state: {...state, clusters: {...state.clusters}, intents: {}}}))
      await look()

      expect([...seen], 'both looks see the same, and it is whole').to.have.length(1)
      expect([...seen][0]).to.be.oneOf([1, 6000])
      const keys = await cluster.keys(prefix)
      const revisions = (await cluster.open(prefix).read()).revision
      expect(keys.filter((key) => key.endsWith('/pending'))).to.deep.equal([])
      if (seen.has(1)) expect(keys.filter((key) => key.includes('/parts/'))).to.deep.equal([])
      if (seen.has(6000)) expect(keys.filter((key) => key.includes('/state/'))).to.have.length(6000)
      expect(revisions).to.equal(seen.has(6000) ? 3 : 2)
    })

  it('is never seen half', async () => {
    const prefix = 'half'
    await cluster.open(prefix).read()
    const writer = workers.start('putMany', cluster.address(prefix), 3000)
    let isOver = false
    const ended = writer.ended.then(() => (isOver = true))
    const seen = new Set<number>()

    while (!isOver) {
      const store = cluster.open(prefix)
      seen.add(Object.keys((await store.read()).state.families).length)
      await store.close()
      await sleep(1)
    }

    await ended
    expect(writer.said).to.deep.equal(['begun', 'done'])
    expect([...seen].filter((size) => size !== 0 && size !== 3000)).to.deep.equal([])
  })

  it('is not overtaken for ever by small ones', async () => {
    const prefix = 'overtaken'
    const small = [0, 1].map(() => workers.start('countForEver', cluster.address(prefix)))
    await waitUntil('small commits', () => small.every(({said}) => said.length > 3))

    const large = workers.start('putMany', cluster.address(prefix), 2000)

    expect(await large.ended).to.equal(0)
    expect(large.said).to.deep.equal(['begun', 'done'])
    const then = small.map(({said}) => said.length)
    await waitUntil('small commits after it', () => small.every(({said}, index) => said.length > (then[index] ?? 0)))
  })
})

/** As a record of a version to come might be. */
function families(count: number, bytes: number): State['families'] {
  const padding = 'x'.repeat(bytes)
  return Object.fromEntries(Array.from({length: count}, (_, index) => [`f${index}`, {lastRevision: 1, padding}]))
}
