// A world without Docker or disk: the store in memory, an engine in memory for each instance, a clock that a test sets.
import type {KnownError} from '../../../src/errors.js'
import {hostText} from '../../../src/model/host-address.js'
import type {Instance} from '../../../src/model/instance.js'
import type {PlacementRecord} from '../../../src/model/placement-record.js'
import type {Plan} from '../../../src/model/plan.js'
import type {State} from '../../../src/model/state.js'
import type {Instant} from '../../../src/model/time.js'
import {SystemFiles} from '../../../src/system/client-files.js'
import {SystemPorts} from '../../../src/system/local-ports.js'
import {SystemTree} from '../../../src/system/local-tree.js'
import {SystemSecrets} from '../../../src/system/secrets.js'
import type {Stage} from '../../../src/world/person.js'
import type {World} from '../../../src/world/world.js'
import {FakeEngine} from '../../support/fake-engine.js'
import {MemoryStore} from '../../support/memory-store.js'

export interface FakeWorld extends World {
  readonly store: MemoryStore
  /** The plans that a person was shown and agreed to. */
  readonly confirmed: readonly Plan[]
  /** What a person was asked to allow, and allowed. */
  readonly allowed: readonly string[]
  /** What was said in plain lines and as outcomes. */
  readonly said: readonly string[]
  /** What the tasks' last words are, by task id. */
  readonly words: ReadonlyMap<string, string>
  engineOf(instance: Instance): FakeEngine
  setClock(now: Instant): void
  /** Done before anybody is asked for a confirmation: what another client does meanwhile. */
  whileAsked(deed: () => Promise<void>): void
}

export interface FakeWorldSaid {
  readonly state: State
  readonly now: Instant
  /** The person's answer; absent: yes. */
  readonly declines?: KnownError
}

/** A world whose state is given; each of its instances has an engine of its own that has the image `busybox:test`. */
export function aWorld({declines, now: first, state}: FakeWorldSaid): FakeWorld {
  const engines = new Map(Object.values(state.instances).map(({address}) => [hostText(address), new FakeEngine()]))
  const confirmed: Plan[] = []
  const allowed: string[] = []
  const said: string[] = []
  const words = new Map<string, string>()
  const placements: PlacementRecord[] = []
  let now = first
  let meanwhile = async (): Promise<void> => {}
  const stage: Stage = {done: () => {}, failed: (text) => void said.push(text ?? ''), progress: () => {}}
  const engineAt = (host: string): FakeEngine => {
    const engine = engines.get(host)
    if (!engine) throw new Error(`No engine stands at ${host}.`)
    return engine
  }
  return {
    clients: {self: () => ({pid: 1, bootId: 'boot', startedAt: '1'}), isAlive: () => true},
    clock: {now: () => now, sleep: async () => {}},
    ids: {next: drawIds()},
    store: new MemoryStore(state),
    openStore: () => new MemoryStore(),
    settings: {read: async () => ({}), write: async () => {}},
    placements: {
      keep: async (record) => void placements.push(record),
      list: async () => placements.toReversed(),
      of: async (id) => placements.find(({tasks}) => tasks.some((task) => task.id === id)),
    },
    records: {
      keepLastWords: async (taskId, text) => void words.set(taskId, text),
      lastWords: async (taskId) => words.get(taskId),
      forget: async (taskIds) => {
        for (const id of taskIds) words.delete(id)
      },
    },
    engines: {open: async (address) => engineAt(hostText(address))},
    connections: {
      open: async () => ({kind: 'socket', path: '/nowhere'}),
      reach: async () => {
        throw new Error('Nothing is reached here.')
      },
      endReaching: async () => {},
      list: async () => [],
      close: async () => [],
    },
    hostLocks: {hold: async () => ({kind: 'unable'}), look: async () => ({kind: 'unable'})},
    lockWaitMs: 0,
    hostLooks: {disk: async () => ({told: false, why: 'there is none'}), ssh: async () => undefined},
    files: new SystemFiles(),
    localPorts: new SystemPorts(),
    tree: new SystemTree(),
    units: {
      self: () => ({words: ['/usr/bin/node', '/opt/berth/bin/run.js'], user: 'ada', home: '/home/ada', environment: {}}),
      path: (scope, name) => `/${scope}/${name}`,
      isThere: async () => true,
      write: async () => {},
      remove: async () => true,
    },
    window: {onSize: () => () => {}},
    registryCredentials: {of: async () => undefined},
    secrets: new SystemSecrets(process.env),
    hosts: {
      resolve: async () => {
        throw new Error('No host is resolved here.')
      },
      known: async () => [],
      portable: async () => ({text: '', silent: []}),
    },
    ownImage: {
      assemble: async () => {
        throw new Error('No image is made here.')
      },
    },
    person: {
      present: false,
      confirm: async (plan) => {
        await meanwhile()
        if (declines) throw declines
        confirmed.push(plan)
      },
      allow: async (question) => {
        if (declines) throw declines
        allowed.push(question)
      },
      choose: async () => {
        throw new Error('Nobody is asked here.')
      },
      ask: async () => {
        throw new Error('Nobody is asked here.')
      },
    },
    reporter: {stage: () => stage, note: (text) => void said.push(text), outcome: (text) => void said.push(text), close: () => {}},
    typed: ['cluster', 'delete', 'my prod'],
    why: {command: 'test', by: 'tester@here'},
    signals: {takeOver: () => () => {}},
    signal: new AbortController().signal,
    allowed,
    confirmed,
    said,
    words,
    engineOf: ({address}) => engineAt(hostText(address)),
    setClock: (instant) => (now = instant),
    whileAsked: (deed) => (meanwhile = deed),
  }
}

/** 1, 2, 3... as ids. */
function drawIds(): () => string {
  let drawn = 0
  return () => {
    drawn += 1
    return drawn.toString(16).padStart(32, '0')
  }
}
