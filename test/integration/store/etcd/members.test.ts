// What becomes of commits, leases and watches when members of the cluster die, freeze, and come back.
import {expect} from 'chai'
import type {Change} from '../../../../src/world/store.js'
import {EtcdCluster} from '../../../support/etcd/cluster.js'
import {waitUntil} from '../../../support/hosts/programs.js'
import {addFamily, rejectionOf, TEST_WHY} from '../../../support/state-folder.js'
import {Workers} from '../../../support/workers.js'

describe('a state in an etcd of three members', function () {
  this.timeout(120_000)
  let cluster: EtcdCluster
  let workers: Workers
  let count = 0
  let prefix = ''
  beforeEach(async () => {
    cluster = await EtcdCluster.start()
    workers = new Workers(new URL('../worker.ts', import.meta.url))
    count += 1
    prefix = `members/${count}`
  })
  afterEach(async () => {
    await workers.close()
    await cluster.stop()
  })

  it('loses and doubles none of 200 commits of 10 processes while one member is killed and another is cut off for seconds', async () => {
    const all = Array.from({length: 10}, () => workers.start('count', cluster.address(prefix), 20))
    await waitUntil('the first commits', () => all.flatMap(({said}) => said).length > 20)

    cluster.signal(0, 'SIGKILL')
    await waitUntil('commits without it', () => all.flatMap(({said}) => said).length > 60)
    // Two of three are gone: nobody can commit until one is back.
    cluster.signal(1, 'SIGSTOP')
    const frozenAt = Date.now()
    await waitUntil('four seconds', () => Date.now() - frozenAt > 4000)
    cluster.signal(1, 'SIGCONT')

    expect(await Promise.all(all.map(({ended}) => ended))).to.deep.equal(all.map(() => 0))
    const store = cluster.open(prefix)
    const {state, revision} = await store.read()
    expect(state.families).to.deep.equal({counter: {lastRevision: 200}})
    expect(revision).to.equal(200)
    expect((await store.history()).map(({revision: one}) => one)).to.deep.equal(Array.from({length: 200}, (_, n) => n + 1))
  })

  it('keeps every acknowledged commit, whenever its writers are killed', async () => {
    let acknowledged = 0
    for (let round = 0; round < 5; round++) {
      const writers = [0, 1, 2].map(() => workers.start('countForEver', cluster.address(prefix)))
      await waitUntil('commits', () => writers.every(({said}) => said.length > round))
      for (const writer of writers) writer.process.kill('SIGKILL')
      await Promise.all(writers.map(({ended}) => ended))

      const {state, revision} = await cluster.open(prefix).read()
      acknowledged = Math.max(acknowledged, ...writers.flatMap(({said}) => said.map(Number)))
      expect(state.families.counter?.lastRevision).to.equal(revision).and.to.be.at.least(acknowledged)
      expect(revision - acknowledged).to.be.at.most(writers.length)
    }
  })

  it('goes on at once with the members that are left, also when the one it speaks to freezes', async () => {
    const store = cluster.open(prefix)
    for (const index of [0, 1, 2]) {
      await store.update(TEST_WHY, addFamily(`before ${index}`))
      cluster.signal(index, 'SIGSTOP')
      await store.update(TEST_WHY, addFamily(`while ${index} is frozen`))
      cluster.signal(index, 'SIGCONT')
    }

    expect((await cluster.open(prefix).read()).revision).to.equal(6)
  })

  it('says that nothing can be committed without most members, and does so once they are back', async () => {
    const store = cluster.open(prefix, {patienceMs: 2000})
    await store.update(TEST_WHY, addFamily('a'))
    for (const index of [0, 1]) cluster.signal(index, 'SIGKILL')

    const error = await rejectionOf(store.update(TEST_WHY, addFamily('b')))

    expect(error).to.include({code: 'StateUnreachable', exitCode: 8})
    for (const endpoint of cluster.endpoints) expect(error.message).to.include(`"${endpoint}"`)
    expect(error.suggestions[0]).to.equal(`etcdctl --endpoints ${cluster.endpoints.join(',')} endpoint health`)
    for (const index of [0, 1]) cluster.restart(index)
    await cluster.healthy()
    await store.update(TEST_WHY, addFamily('c'))
    const {families} = (await cluster.open(prefix).read()).state
    expect(families).to.have.property('c')
    expect(Object.keys(families)).to.have.length((await cluster.open(prefix).read()).revision)
  })

  it('tells changes on, none twice and none left out, when the member that told them dies', async () => {
    const [store, other] = [cluster.open(prefix), cluster.open(prefix)]
    const ended = new AbortController()
    const told: Change[] = []
    const listening = (async () => {
      for await (const change of store.changes(0, ended.signal)) told.push(change)
    })()
    await other.update(TEST_WHY, addFamily('0'))
    await waitUntil('the first change', () => told.length === 1)

    for (const index of [0, 1, 2]) {
      cluster.signal(index, 'SIGKILL')
      for (const n of [1, 2, 3]) await other.update(TEST_WHY, addFamily(`${index}-${n}`))
      await waitUntil('the changes', () => told.length === 1 + (index + 1) * 3)
      cluster.restart(index)
      await cluster.healthy()
    }

    ended.abort()
    await listening
    expect(told.map(({revision}) => revision)).to.deep.equal(Array.from({length: 10}, (_, n) => n + 1))
  })

  it('tells all there is where the changes asked for are not kept any more, also by etcd', async () => {
    const store = cluster.open(prefix)
    for (let n = 0; n < 26; n++)
      await Promise.all(Array.from({length: 40}, (_, index) => store.update(TEST_WHY, addFamily(`${n}-${index}`))))
    await cluster.compact()

    for await (const change of store.changes(3, AbortSignal.timeout(20_000))) {
      expect(change.revision).to.equal(1040)
      expect(change.records).to.have.length(1040)
      break
    }
  })

  it('gives the lease of a killed holder to the next, and tells a holder that lives of its loss', async () => {
    const holder = workers.start('holdLease', cluster.address(prefix))
    await waitUntil('the lease to be held', () => holder.said.length > 0)
    const store = cluster.open(prefix)
    const [lock] = await store.locks()
    expect(lock).to.deep.include({by: 'tester@here', command: 'task run', isAlive: true, name: 'a', pid: holder.process.pid})
    holder.process.kill('SIGKILL')

    const lease = await store.lease('a', TEST_WHY, AbortSignal.timeout(30_000))

    expect(lease.signal.aborted).to.equal(false)
    await cluster.open(prefix).unlock('a')
    await waitUntil('the loss to be told', () => lease.signal.aborted)
  })

  it('keeps a lease while a member freezes, and loses it when none can be reached for long', async () => {
    const store = cluster.open(prefix)
    const lease = await store.lease('a', TEST_WHY, AbortSignal.timeout(30_000))
    cluster.signal(0, 'SIGSTOP')
    const frozenAt = Date.now()
    await waitUntil('longer than a lease lives', () => Date.now() - frozenAt > 12_000)
    expect(lease.signal.aborted).to.equal(false)
    expect((await cluster.open(prefix).locks()).map(({name}) => name)).to.deep.equal(['a'])

    for (const index of [1, 2]) cluster.signal(index, 'SIGSTOP')

    await waitUntil('the loss to be told', () => lease.signal.aborted)
  })
})
