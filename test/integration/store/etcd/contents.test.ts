// What a store in etcd makes of keys that it did not write, and what it tells of the clients of other machines.
import {expect} from 'chai'
import type {Client} from '../../../../src/model/client.js'
import type {Intent} from '../../../../src/model/intent.js'
import {put, STATE_VERSION} from '../../../../src/model/state.js'
import {EtcdStore} from '../../../../src/store/etcd/etcd-store.js'
import {parseEtcdAddress} from '../../../../src/store/etcd/address.js'
import {SystemClock} from '../../../../src/system/clock.js'
import {RandomIds} from '../../../../src/system/ids.js'
import {SharedClients} from '../../../../src/system/shared-clients.js'
import {anId} from '../../../support/build.js'
import {EtcdCluster} from '../../../support/etcd/cluster.js'
import {addFamily, rejectionOf, TEST_WHY} from '../../../support/state-folder.js'

describe('a state in etcd', function () {
  this.timeout(60_000)
  let cluster: EtcdCluster
  let count = 0
  let prefix = ''
  before(async () => {
    cluster = await EtcdCluster.start(1)
  })
  beforeEach(() => {
    count += 1
    prefix = `contents/${count}`
  })
  after(() => cluster.stop())

  it('names the key that does not hold what was written, and what shows it', async () => {
    await cluster.open(prefix).update(TEST_WHY, addFamily('web'))
    for (const [key, value] of [
      [`${prefix}/state/families/web`, '{"lastRevision":'],
      [`${prefix}/meta`, '"no object"'],
    ] as const) {
      await cluster.etcdctl('put', key, value)

      const error = await rejectionOf(cluster.open(prefix).read())

      expect(error).to.include({code: 'StateCorrupt', exitCode: 8})
      expect(error.message).to.include(`"${key}"`)
      expect(error.suggestions[0]).to.equal(`etcdctl --endpoints ${cluster.endpoints.join(',')} get ${key}`)
      expect(await rejectionOf(cluster.open(prefix).recover())).to.include({code: 'StateCorrupt'})
    }
  })

  it('is not taken for empty where what says which it is was taken away, and nobody is told to take away more', async () => {
    for (const key of ['meta', 'revision']) {
      const at = `${prefix}/${key}`
      await cluster.open(at).update(TEST_WHY, addFamily('web'))
      await cluster.etcdctl('del', `${at}/${key}`)

      const error = await rejectionOf(cluster.open(at).read())
      expect(error).to.include({code: 'StateCorrupt', exitCode: 8})
      expect(error.message).to.include(`"${at}/${key}"`)
      expect(error.suggestions.join('\n')).not.to.contain(' del ')
      expect(await rejectionOf(cluster.open(at).update(TEST_WHY, addFamily('b')))).to.include({code: 'StateCorrupt'})
    }
  })

  it('of a later version is neither read nor written', async () => {
    await cluster.open(prefix).update(TEST_WHY, addFamily('web'))
    const known = cluster.open(prefix)
    await known.read()
    await cluster.etcdctl('put', `${prefix}/meta`, JSON.stringify({version: STATE_VERSION + 1, lineage: 'a'.repeat(32)}))

    for (const store of [known, cluster.open(prefix)]) {
      expect(await rejectionOf(store.read())).to.include({code: 'StateTooNew', exitCode: 8})
      expect(await rejectionOf(store.update(TEST_WHY, addFamily('b')))).to.include({code: 'StateTooNew'})
    }
    expect((await cluster.keys(prefix)).filter((key) => key.includes('/state/'))).to.have.length(1)
  })

  it('of the version before is read, and raised by the first commit', async () => {
    const store = cluster.open(prefix)
    await store.update(TEST_WHY, addFamily('web'))
    const {state} = await store.read()
    await cluster.etcdctl('put', `${prefix}/meta`, JSON.stringify({version: 3, lineage: state.lineage}))
    const next = cluster.open(prefix)

    expect((await next.read()).state.families).to.have.property('web')
    await next.update(TEST_WHY, addFamily('b'))
    await next.update(TEST_WHY, addFamily('c'))

    expect(await cluster.etcdctl('get', '--print-value-only', `${prefix}/meta`)).to.contain(`"version":${STATE_VERSION}`)
    expect(Object.keys((await cluster.open(prefix).read()).state.families)).to.have.members(['web', 'b', 'c'])
  })

  it('keeps names that every object answers to, and those that a key cannot have', async () => {
    const names = ['constructor', '__proto__', 'a/b', '../x', 'ö ', '%2F']
    const store = cluster.open(prefix)
    for (const name of names) await store.update(TEST_WHY, addFamily(name))

    expect(Object.keys((await cluster.open(prefix).read()).state.families)).to.have.members(names)
    expect(Object.keys((await store.read()).state.families)).to.have.members(names)
  })

  it('lies beside another under a longer prefix, and neither sees the other', async () => {
    await cluster.open(prefix).update(TEST_WHY, addFamily('short'))
    await cluster.open(`${prefix}/longer`).update(TEST_WHY, addFamily('long'))

    expect(Object.keys((await cluster.open(prefix).read()).state.families)).to.deep.equal(['short'])
    expect(Object.keys((await cluster.open(`${prefix}/longer`).read()).state.families)).to.deep.equal(['long'])
  })

  it('tells of the clients of other machines that have begun something whether they live', async () => {
    const [one, other] = [onMachine('one'), onMachine('other')]
    await one.store.update(TEST_WHY, (state) => ({
      result: 1,
      state: {...state, intents: put(state.intents, anId(1), anIntent(one.client))},
    }))

    await other.store.read()
    expect(other.clients.isAlive(one.client)).to.equal(true)
    expect(other.clients.isAlive({...one.client, pid: one.client.pid + 1})).to.equal(false)
    expect(one.clients.isAlive(one.client)).to.equal(true)

    await one.store.close()
    await other.store.read()
    expect(other.clients.isAlive(one.client)).to.equal(false)
    await other.store.close()
  })

  /** A process of a machine of its own, as far as its store can tell. */
  function onMachine(bootId: string) {
    const client: Client = {pid: process.pid, bootId, startedAt: '1'}
    const processes = {self: () => client, isAlive: ({pid}: Client) => pid === process.pid}
    const world = {clock: new SystemClock(), ids: new RandomIds(), clients: () => clients}
    const store: EtcdStore = new EtcdStore(world, parseEtcdAddress(cluster.address(prefix)), () => ({}))
    const clients = new SharedClients(processes, store)
    return {client: clients.self(), clients, store}
  }
})

function anIntent(client: Client): Intent {
  return {
    id: anId(1),
    actions: [],
    because: 'a test',
    begunAt: '2026-01-02T03:04:05.000Z',
    by: 'tester@here',
    client,
    command: 'task run',
    typed: '',
  }
}
