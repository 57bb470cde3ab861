// A commit that etcd has made, and whose answer never comes: it is found again, and made neither twice nor not at all.
import {expect} from 'chai'
import {put, type State} from '../../../../src/model/state.js'
import {parseEtcdAddress} from '../../../../src/store/etcd/address.js'
import {EtcdStore} from '../../../../src/store/etcd/etcd-store.js'
import {SystemClock} from '../../../../src/system/clock.js'
import {RandomIds} from '../../../../src/system/ids.js'
import {SystemProcesses} from '../../../../src/system/process-identity.js'
import {EtcdCluster} from '../../../support/etcd/cluster.js'
import {CuttingProxy} from '../../../support/etcd/cutting-proxy.js'
import {addFamily, TEST_WHY} from '../../../support/state-folder.js'

describe('a commit in etcd whose answer is lost', function () {
  this.timeout(60_000)
  let cluster: EtcdCluster
  let proxy: CuttingProxy
  let store: EtcdStore
  let count = 0
  let prefix = ''
  before(async () => {
    cluster = await EtcdCluster.start(1)
  })
  beforeEach(async () => {
    count += 1
    prefix = `lost/${count}`
    proxy = await CuttingProxy.start(Number(cluster.endpoints[0]?.split(':')[1]))
    const processes = new SystemProcesses()
    const world = {clock: new SystemClock(), ids: new RandomIds(), clients: () => processes}
    store = new EtcdStore(world, parseEtcdAddress(`etcd://${proxy.endpoint}/${prefix}`), () => ({}))
    await store.update(TEST_WHY, addFamily('before'))
  })
  afterEach(async () => {
    await store.close()
    await proxy.stop()
  })
  after(() => cluster.stop())

  /** The change runs between the look and the commit: the next answer is that of the commit. */
  const counting = (meanwhile?: () => Promise<void>) => {
    let runs = 0
    return (state: State) => {
      runs += 1
      if (runs === 1) proxy.cutNextAnswer(meanwhile)
      const lastRevision = (state.families.counter?.lastRevision ?? 0) + 1
      return {result: runs, state: {...state, families: put(state.families, 'counter', {lastRevision})}}
    }
  }

  it('stands once, and its change ran once', async () => {
    expect(await store.update(TEST_WHY, counting())).to.equal(1)

    expect(proxy.cuts).to.equal(1)
    const {state, revision} = await cluster.open(prefix).read()
    expect([revision, state.families.counter]).to.deep.equal([2, {lastRevision: 1}])
    expect(await cluster.open(prefix).history()).to.have.length(2)
  })

  it('stands once also where others have committed since', async () => {
    const other = cluster.open(prefix)
    const meanwhile = async () => {
      for (const name of ['a', 'b', 'c']) await other.update(TEST_WHY, addFamily(name))
    }

    expect(await store.update(TEST_WHY, counting(meanwhile))).to.equal(1)

    expect(proxy.cuts).to.equal(1)
    const {state, revision} = await store.read()
    expect([revision, state.families.counter]).to.deep.equal([5, {lastRevision: 1}])
    expect(state).to.deep.equal((await cluster.open(prefix).read()).state)
  })

  it('is whole when it is large', async () => {
    const cutAgain = async () => {
      if (proxy.cuts < 4) proxy.cutNextAnswer(cutAgain)
    }
    const many = (state: State) => {
      // The change runs between the look and the commit: the first answers that are lost are those of the commit.
      if (proxy.cuts === 0) proxy.cutNextAnswer(cutAgain)
      const families = Object.fromEntries(Array.from({length: 3000}, (_, index) => [`f${index}`, {lastRevision: index}]))
      return {result: undefined, state: {...state, families}}
    }
    // And some in the middle, wherever they fall.
    const cutting = setInterval(() => proxy.cuts < 12 && proxy.cutNextAnswer(), 20)
    try {
      await store.update(TEST_WHY, many)
    } finally {
      clearInterval(cutting)
    }

    expect(proxy.cuts).to.be.at.least(4)
    const {state, revision} = await cluster.open(prefix).read()
    expect([revision, Object.keys(state.families).length]).to.deep.equal([2, 3000])
  })
})
