// What every `StateStore` promises, whatever keeps the state.
import {expect} from 'chai'
import {InvalidInputError} from '../../src/errors.js'
import {emptyState, put, STATE_VERSION, type State, without} from '../../src/model/state.js'
import type {Change, Changed, StateStore, Why} from '../../src/world/store.js'
import {aCluster, aTask, anId} from '../support/build.js'

const WHY: Why = {because: 'the contract says so', by: 'tester@here', command: 'contract'}

/** `open` gives a handle on one empty state; asked again in the same test, another handle on the same. */
export function storeContract(title: string, open: () => StateStore): void {
  describe(`StateStore (${title})`, () => {
    const soon = (): AbortSignal => AbortSignal.timeout(10_000)

    describe('read', () => {
      it('finds the empty state where nobody wrote', async () => {
        const {state, revision} = await open().read()

        expect(revision).to.equal(0)
        expect(state).to.deep.include({
          clusters: {},
          definitions: {},
          families: {},
          instances: {},
          revision: 0,
          tasks: {},
          version: STATE_VERSION,
        })
        expect(state.lineage).to.match(/^[0-9a-f]{32}$/)
      })

      it('gives the very same state until it changes', async () => {
        const store = open()
        await store.update(WHY, addTask(1))

        expect((await store.read()).state).to.equal((await store.read()).state)
      })

      it('finds what another handle committed', async () => {
        const [one, other] = [open(), open()]
        await one.read()
        await other.update(WHY, addTask(1))

        const {state, revision} = await one.read()

        expect(revision).to.equal(1)
        expect(state.tasks).to.deep.equal({[anId(1)]: aTask({id: anId(1)})})
      })
    })

    describe('update', () => {
      it('commits the change and returns its result', async () => {
        const store = open()

        const result = await store.update(WHY, (state) => ({
          result: 'done',
          state: {...state, clusters: put(state.clusters, aCluster().id, aCluster())},
        }))

        expect(result).to.equal('done')
        expect((await store.read()).state.clusters).to.deep.equal({[aCluster().id]: aCluster()})
      })

      it('raises the revision by one at each commit, and keeps the lineage', async () => {
        const store = open()
        await store.update(WHY, addTask(1))
        const first = await store.read()
        await store.update(WHY, addTask(2))
        const second = await store.read()

        expect([first.revision, second.revision, second.state.revision]).to.deep.equal([1, 2, 2])
        expect(second.state.lineage).to.equal(first.state.lineage)
      })

      it('commits nothing when the change returns the state it was given', async () => {
        const store = open()
        await store.update(WHY, addTask(1))
        const before = await store.read()

        expect(await store.update(WHY, (state) => ({result: Object.keys(state.tasks).length, state}))).to.equal(1)
        expect(await store.read()).to.deep.equal(before)
      })

      it('rejects with what the change throws, and leaves the state as it was', async () => {
        const store = open()
        await store.update(WHY, addTask(1))
        const before = await store.read()

        expect(await failure(store.update(WHY, refuse))).to.be.instanceOf(InvalidInputError)
        expect(await store.read()).to.deep.equal(before)
      })

      it('runs changes proposed at once one after another, each on the state the one before left', async () => {
        const store = open()

        const counts = await Promise.all(
          numbers(60).map((n) => store.update(WHY, (state) => ({...addTask(n)(state), result: Object.keys(state.tasks).length}))),
        )

        expect(counts).to.deep.equal(numbers(60))
        expect((await store.read()).revision).to.equal(60)
      })

      it('loses none of the changes that two handles propose at once', async () => {
        const stores = [open(), open()]

        await Promise.all(numbers(40).map((n) => stores[n % 2]?.update(WHY, addTask(n))))

        const {state, revision} = await open().read()
        expect(Object.keys(state.tasks)).to.have.members(numbers(40).map((n) => anId(n)))
        expect(revision).to.equal(40)
      })

      it('lets a change that throws among others fail alone', async () => {
        const store = open()

        const outcomes = await Promise.allSettled([store.update(WHY, addTask(1)), store.update(WHY, refuse), store.update(WHY, addTask(2))])

        expect(outcomes.map(({status}) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled'])
        expect(Object.keys((await store.read()).state.tasks)).to.have.members([anId(1), anId(2)])
      })
    })

    describe('changes', () => {
      it('tells what was put and what was removed, and why', async () => {
        const store = open()
        await store.update(WHY, addTask(1))
        const {revision} = await store.read()
        const changes = store.changes(revision, soon())
        const next = changes[Symbol.asyncIterator]().next()

        await store.update({...WHY, because: 'it moved'}, (state) => ({
          result: undefined,
          state: {...state, tasks: put(without(state.tasks, anId(1)), anId(2), aTask({id: anId(2)}))},
        }))

        const change: Change = (await next).value
        expect(change).to.deep.include({...WHY, because: 'it moved', revision: 2})
        expect(change.at).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
        expect(change.records).to.deep.equal([
          {id: anId(1), record: null, table: 'tasks'},
          {id: anId(2), record: aTask({id: anId(2)}), table: 'tasks'},
        ])
      })

      it('tells what another handle commits, in the order of the commits', async () => {
        const [one, other] = [open(), open()]
        const ended = new AbortController()
        const told = collectUntil(one.changes(0, ended.signal), (change) => change.records.some(({id}) => id === anId(3)))

        for (const n of [1, 2, 3]) await other.update(WHY, addTask(n))

        const changes = await told
        expect(changes.map(({revision}) => revision)).to.deep.equal(changes.map(({revision}) => revision).toSorted((a, b) => a - b))
        expect(changes.flatMap(({records}) => records.map(({id}) => id))).to.deep.equal([anId(1), anId(2), anId(3)])
      })

      it('tells every commit by itself, also of those that were written together', async () => {
        const store = open()
        await Promise.all(numbers(5).map((n) => store.update({...WHY, because: String(n)}, addTask(n))))

        const changes = await collectUntil(store.changes(1, soon()), ({revision}) => revision === 5)

        expect(changes.map(({because, revision, records}) => [because, revision, records.map(({id}) => id)])).to.deep.equal(
          [1, 2, 3, 4].map((n) => [String(n), n + 1, [anId(n)]]),
        )
      })

      it('begins with what was committed since the revision named', async () => {
        const store = open()
        await store.update(WHY, addTask(1))

        const [change] = await collectUntil(store.changes(0, soon()), () => true)

        expect(change?.records).to.deep.equal([{id: anId(1), record: aTask({id: anId(1)}), table: 'tasks'}])
      })

      it('ends when the signal fires', async () => {
        const ended = new AbortController()
        const told = collectUntil(open().changes(0, ended.signal), () => false)

        ended.abort()

        expect(await told).to.deep.equal([])
      })
    })

    describe('history', () => {
      it('tells every commit, and the state after each', async () => {
        const store = open()
        for (const n of [1, 2, 3]) await store.update({...WHY, because: `task ${n}`}, addTask(n))
        await store.update({...WHY, because: 'one goes'}, (state) => ({
          result: undefined,
          state: {...state, tasks: without(state.tasks, anId(2))},
        }))

        const history = await open().history()
        const states = await Promise.all([0, 1, 2, 3, 4].map((revision) => open().at(revision)))

        expect(history.map(({because, revision}) => [revision, because])).to.deep.equal([
          [1, 'task 1'],
          [2, 'task 2'],
          [3, 'task 3'],
          [4, 'one goes'],
        ])
        expect(states.map(({tasks}) => Object.keys(tasks))).to.deep.equal(
          [[], [1], [1, 2], [1, 2, 3], [1, 3]].map((ids) => ids.map((id) => anId(id))),
        )
        expect(states[4]).to.deep.equal((await store.read()).state)
      })

      it('knows no revision that is still to come', async () => {
        const store = open()
        await store.update(WHY, addTask(1))

        expect(await failure(store.at(2))).to.have.property('code', 'RevisionNotKept')
      })

      it('is not made anew while it can be read', async () => {
        const store = open()
        await store.update(WHY, addTask(1))

        expect(await failure(store.recover(WHY, 'newest'))).to.include({code: 'PlanChanged', exitCode: 4})
        expect((await open().read()).revision).to.equal(1)
      })
    })

    describe('adopt', () => {
      const theirs = (revision: number): State => ({...addTask(1)(emptyState('c'.repeat(32))).state, revision})

      it('makes the newest state the very one given, where nothing was written', async () => {
        const store = open()
        await store.adopt(WHY, theirs(41))

        expect(await open().read()).to.deep.equal({revision: 41, state: theirs(41)})
        expect(await open().at(41)).to.deep.equal(theirs(41))
        await open().update(WHY, addTask(2))
        expect((await store.read()).state).to.deep.include({lineage: 'c'.repeat(32), revision: 42})
        expect(Object.keys((await open().at(41)).tasks)).to.deep.equal([anId(1)])
      })

      it('puts a later revision of a state in the place of an earlier one, and nothing where it is there already', async () => {
        const store = open()
        await store.adopt(WHY, theirs(41))
        await store.adopt(WHY, {...emptyState('c'.repeat(32)), revision: 50})
        await store.adopt(WHY, {...emptyState('c'.repeat(32)), revision: 50})

        expect(await open().read()).to.deep.equal({revision: 50, state: {...emptyState('c'.repeat(32)), revision: 50}})
        const [change] = await collectUntil(open().changes(41, soon()), () => true)
        expect(change?.revision).to.equal(50)
      })

      it('refuses a state of another lineage, one that is older, and one that came to the same revision in another way', async () => {
        const store = open()
        await store.adopt(WHY, theirs(41))

        expect(await failure(store.adopt(WHY, theirs(40)))).to.include({code: 'StateNewer', exitCode: 4})
        expect(await failure(store.adopt(WHY, {...emptyState('c'.repeat(32)), revision: 41}))).to.include({code: 'StateNewer', exitCode: 4})
        expect(await failure(store.adopt(WHY, {...theirs(50), lineage: 'd'.repeat(32)}))).to.include({code: 'ForeignState', exitCode: 4})
        expect(await open().read()).to.deep.equal({revision: 41, state: theirs(41)})
      })
    })

    describe('lease', () => {
      it('is held by one at a time, and passes on when released', async () => {
        const [one, other] = [open(), open()]
        const first = await one.lease('image/nginx:1', WHY, soon())
        const order: string[] = []
        const second = other.lease('image/nginx:1', WHY, soon()).then((lease) => {
          order.push('second held')
          return lease
        })

        await other.update(WHY, addTask(1))
        order.push('first released')
        await first.release()

        await (await second).release()
        expect(order).to.deep.equal(['first released', 'second held'])
      })

      it('of one name leaves other names free, whatever the names look like', async () => {
        const store = open()
        const names = ['a', 'A', '../a', '/etc/passwd', '.', '..', '', 'a\0b', 'ö'.repeat(2000), '\n']

        const leases = await Promise.all(names.map((name) => store.lease(name, WHY, soon())))

        expect(leases.map(({name}) => name)).to.deep.equal(names)
        expect(leases.some(({signal}) => signal.aborted)).to.equal(false)
        for (const lease of leases) await lease.release()
      })

      it('is listed by its name while it is held, and can be removed', async () => {
        const store = open()
        const held = await store.lease('image/nginx:1', WHY, soon())
        const other = await store.lease('../a', WHY, soon())

        expect((await open().locks()).map(({isAlive, name}) => [name, isAlive])).to.deep.equal([
          ['../a', true],
          ['image/nginx:1', true],
        ])
        expect(await open().unlock('image/nginx:1')).to.equal(true)
        expect(await open().unlock('image/nginx:1')).to.equal(false)
        await (await open().lease('image/nginx:1', WHY, soon())).release()
        await held.release()
        await other.release()
        expect(await open().locks()).to.deep.equal([])
      })

      it('is waited for until the signal fires', async () => {
        const store = open()
        const held = await store.lease('a', WHY, soon())
        const reason = new Error('no more time')
        const ended = new AbortController()
        const waiting = failure(store.lease('a', WHY, ended.signal))

        ended.abort(reason)

        expect(await waiting).to.equal(reason)
        await held.release()
      })
    })
  })
}

function addTask(n: number): (state: State) => Changed<undefined> {
  return (state) => ({result: undefined, state: {...state, tasks: put(state.tasks, anId(n), aTask({id: anId(n)}))}})
}

function refuse(): never {
  throw new InvalidInputError('Refused', 'The change refuses.')
}

function numbers(count: number): readonly number[] {
  return Array.from({length: count}, (_, n) => n)
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('It did not throw.'),
    (error: unknown) => error,
  )
}

async function collectUntil(changes: AsyncIterable<Change>, enough: (change: Change) => boolean): Promise<readonly Change[]> {
  const told: Change[] = []
  for await (const change of changes) {
    told.push(change)
    if (enough(change)) break
  }
  return told
}
