import {expect} from 'chai'
import {StateError} from '../errors.js'
import {emptyState, put, type State} from '../model/state.js'
import type {Changed, Why} from '../world/store.js'
import {type Commit, type Committing, Proposals} from './proposals.js'

const WHY: Why = {because: 'a test', by: 'tester@here', command: 'test'}

/** A disk that says when it is asked, and waits to be told to go on. */
class SlowDisk implements Committing {
  readonly written: State[] = []
  releases = 0
  fault: Error | undefined
  #state = emptyState('a')
  #goOn: (() => void)[] = []

  async lock() {
    return {release: () => void this.releases++}
  }

  read(): State {
    return this.#state
  }

  async write(_: State, commits: readonly Commit[]): Promise<number> {
    await new Promise<void>((resolve) => this.#goOn.push(resolve))
    if (this.fault) throw this.fault
    const [last] = commits.slice(-1)
    if (!last) throw new Error('There is nothing to write.')
    this.written.push(last.state)
    this.#state = last.state
    return commits.length
  }

  /** Finishes the writes under way, once there is one. */
  async finishWrite(): Promise<void> {
    while (this.#goOn.length === 0) await new Promise((resolve) => setImmediate(resolve))
    for (const goOn of this.#goOn.splice(0)) goOn()
  }
}

describe('Proposals', () => {
  it('writes sixty changes that come at once a single time', async () => {
    const disk = new SlowDisk()
    const proposals = new Proposals(disk)
    const all = Promise.all(Array.from({length: 60}, (_, n) => proposals.propose(WHY, addFamily(String(n)))))

    await disk.finishWrite()
    await all

    expect(disk.written.map(({revision}) => revision)).to.deep.equal([60])
    expect(disk.releases).to.equal(1)
  })

  it('gathers what comes during a write for the next one', async () => {
    const disk = new SlowDisk()
    const proposals = new Proposals(disk)
    const first = proposals.propose(WHY, addFamily('first'))
    await Promise.resolve().then(() => new Promise((resolve) => setImmediate(resolve)))
    const others = Promise.all(['a', 'b', 'c'].map((name) => proposals.propose(WHY, addFamily(name))))

    await disk.finishWrite()
    await first
    await disk.finishWrite()
    await others

    expect(disk.written.map(({revision}) => revision)).to.deep.equal([1, 4])
  })

  it('acknowledges nothing before it is written', async () => {
    const disk = new SlowDisk()
    const proposals = new Proposals(disk)
    let acknowledged = 0
    const all = [addFamily('a'), (state: State) => ({result: undefined, state})].map((change) =>
      proposals.propose(WHY, change).then(() => acknowledged++),
    )
    await new Promise((resolve) => setImmediate(resolve))

    expect(acknowledged).to.equal(0)
    await disk.finishWrite()
    await Promise.all(all)
    expect(acknowledged).to.equal(2)
  })

  it('fails every change of a batch whose write fails, and goes on with the next', async () => {
    const disk = new SlowDisk()
    const proposals = new Proposals(disk)
    disk.fault = new StateError('StateDiskFull', 'The disk is full.')
    const outcomes = Promise.allSettled(['a', 'b'].map((name) => proposals.propose(WHY, addFamily(name))))

    await disk.finishWrite()

    expect((await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason)).to.deep.equal([disk.fault, disk.fault])
    disk.fault = undefined
    const next = proposals.propose(WHY, addFamily('c'))
    await disk.finishWrite()
    await next
    expect(Object.keys(disk.read().families)).to.deep.equal(['c'])
  })

  it('fails only those who waited all along when the lock is not to be had', async () => {
    const disk = new SlowDisk()
    let deny = (_: unknown): void => undefined
    const locks = [() => new Promise<never>((_, reject) => (deny = reject)), () => disk.lock()]
    const proposals = new Proposals({
      lock: () => locks.shift()?.() ?? disk.lock(),
      read: () => disk.read(),
      write: (before, commits) => disk.write(before, commits),
    })
    const early = proposals.propose(WHY, addFamily('early')).catch((error: unknown) => error)
    await new Promise((resolve) => setImmediate(resolve))
    const late = proposals.propose(WHY, addFamily('late'))

    deny(new StateError('StateLocked', 'It is locked.'))

    expect(await early).to.have.property('code', 'StateLocked')
    await disk.finishWrite()
    await late
    expect(Object.keys(disk.read().families)).to.deep.equal(['late'])
  })
})

function addFamily(name: string): (state: State) => Changed<undefined> {
  return (state) => ({result: undefined, state: {...state, families: put(state.families, name, {lastRevision: 1})}})
}
