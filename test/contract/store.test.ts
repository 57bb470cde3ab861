import {MemoryStore} from '../support/memory-store.js'
import {EtcdCluster} from '../support/etcd/cluster.js'
import {StateFolder} from '../support/state-folder.js'
import {storeContract} from './store.contract.js'

describe('in memory', () => {
  let store = new MemoryStore()
  beforeEach(() => {
    store = new MemoryStore()
  })

  storeContract('memory', () => store)
})

describe('in a file', () => {
  let folder: StateFolder
  beforeEach(() => {
    folder = new StateFolder()
  })
  afterEach(() => folder.remove())

  storeContract('file', () => folder.open())
})

describe('in etcd', () => {
  let cluster: EtcdCluster
  let count = 0
  before(async () => {
    cluster = await EtcdCluster.start()
  })
  beforeEach(() => {
    count += 1
  })
  after(() => cluster.stop())

  storeContract('etcd', () => cluster.open(`contract/${count}`))
})
