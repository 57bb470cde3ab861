import {rmSync} from 'node:fs'
import {MemoryStore} from '../support/memory-store.js'
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
  const folder = new StateFolder()
  after(() => folder.remove())
  afterEach(() => rmSync(folder.file, {force: true}))
  afterEach(() => rmSync(`${folder.file}.backup`, {force: true}))

  storeContract('file', () => folder.open())
})
