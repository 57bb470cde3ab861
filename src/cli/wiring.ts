// Puts hands to the interfaces of the world. Each is made when it is first asked for, and the rooms with heavy packages are loaded
// only then: a command pays for what it touches.
import {homedir, hostname, userInfo} from 'node:os'
import {TerminalPerson} from '../console/person.js'
import {quietReporter, SILENT_REPORTER, TerminalReporter} from '../console/reporter.js'
import {terminalWindow} from '../console/window.js'
import {SettingsFile} from '../store/settings.js'
import {SystemFiles} from '../system/client-files.js'
import {SystemClock} from '../system/clock.js'
import {DockerCredentials} from '../system/docker-credentials.js'
import {RandomIds} from '../system/ids.js'
import {SystemLocks} from '../system/locks.js'
import {SystemPorts} from '../system/local-ports.js'
import {SystemHostLocks} from '../system/system-host-locks.js'
import {ToldLocks} from '../system/told-locks.js'
import {SystemTree} from '../system/local-tree.js'
import {SystemOwnImage} from '../system/own-image.js'
import {berthPaths} from '../system/paths.js'
import {SystemSecrets} from '../system/secrets.js'
import {SystemHostCatalog} from '../system/host-catalog.js'
import type {ConnectionTools} from '../system/connection-tools.js'
import {SystemHostLooks} from '../system/host-looks.js'
import {SystemUnits} from '../system/unit-files.js'
import {HostConnections} from '../system/host-connections.js'
import type {Connections} from '../world/connections.js'
import type {Engines} from '../world/engine.js'
import type {Reporter} from '../world/person.js'
import type {World} from '../world/world.js'
import type {ProcessSignals} from './signals.js'
import {besideState, clientsOf, storeAt} from './state-keeping.js'

/** What of the command line the world depends on. */
export interface Wishes {
  /** `task run`. */
  readonly command: string
  /** All that was typed after `berth`: what an error suggests to type again. */
  readonly typed: readonly string[]
  readonly json: boolean
  readonly quiet: boolean
  readonly yes: boolean
  readonly signals: ProcessSignals
  /** `--wait-lock`. */
  readonly waitLockSeconds: number | undefined
  /** `--state`. */
  readonly stateLocation: string | undefined
}

export interface Wired {
  readonly world: World
  /** Gives back what was opened. */
  close(): Promise<void>
}

/** As long as a commit waits for the state's own lock. */
const HOST_WAIT_SECONDS = 10

/** The world of one command. Making it opens nothing. */
export function wire(wishes: Wishes): Wired {
  const user = {home: homedir(), uid: process.getuid?.() ?? 0}
  const paths = berthPaths(process.env, user)
  const {location, ...beside} = besideState(wishes.stateLocation ?? paths.stateFile, paths.stateFolder)
  const locks = new SystemLocks(new SystemClock())
  const toolsOf = (all: World) => connectionTools(all, locks, paths.runtimeFolder, user.uid)
  const world = lazily<World>({
    clients: ({store}) => clientsOf(store),
    clock: () => new SystemClock(),
    connections: (all) => new HostConnections(toolsOf(all)),
    engines: ({connections}) => lazyEngines(connections),
    hostLocks: (all) => new SystemHostLocks(toolsOf(all)),
    hostLooks: (all) => new SystemHostLooks(toolsOf(all)),
    hosts: () => new SystemHostCatalog(process.env, user.home),
    ids: () => new RandomIds(),
    lockWaitMs: () => (wishes.waitLockSeconds ?? HOST_WAIT_SECONDS) * 1000,
    person: () => new TerminalPerson(process, wishes),
    openStore: (all) => (other) => storeAt(other, storeWorld(all, toldLocks(locks, wishes, all.reporter))),
    placements: beside.placements,
    records: beside.records,
    registryCredentials: () => new DockerCredentials(process.env, user.home),
    reporter: () => reporterFor(wishes),
    secrets: () => new SystemSecrets(process.env),
    settings: () => new SettingsFile(paths.configFolder),
    signal: () => wishes.signals.signal,
    signals: () => wishes.signals,
    store: ({openStore}) => openStore(location),
    ...ofMachine(user.home),
    typed: () => wishes.typed,
    why: () => ({by: whoAmI(), command: wishes.command}),
  })
  const close = async () => {
    world.reporter.close()
    await world.store.close()
  }
  return {close, world}
}

/** What of the machine that the command runs on depends on nothing else. */
function ofMachine(home: string) {
  return {
    files: () => new SystemFiles(),
    localPorts: () => new SystemPorts(),
    ownImage: () => new SystemOwnImage({environment: process.env, script: process.argv[1] ?? ''}),
    tree: () => new SystemTree(),
    units: () => new SystemUnits({environment: process.env, home, user: userName(), script: process.argv[1] ?? ''}),
    window: () => terminalWindow(process.stdout),
  }
}

/** What ways to hosts need of the world. */
function connectionTools({clock, ids, reporter}: World, locks: SystemLocks, runtimeFolder: string, uid: number): ConnectionTools {
  return {clock, ids, env: process.env, locks, note: (text) => reporter.note(text), runtimeFolder, uid}
}

/** What a store needs of the world. */
function storeWorld(all: World, locks: ToldLocks): Parameters<typeof storeAt>[1] {
  return {clock: all.clock, ids: all.ids, locks}
}

/** An object whose properties are made when they are first read, each once, with the others at hand. */
function lazily<T extends object>(makers: {readonly [K in keyof T]: (all: T) => T[K]}): T {
  const all = {} as T
  for (const name of Object.keys(makers) as (keyof T)[]) {
    const get = () => {
      const value = makers[name](all)
      Object.defineProperty(all, name, {enumerable: true, value})
      return value
    }
    Object.defineProperty(all, name, {configurable: true, enumerable: true, get})
  }
  return all
}

/** dockerode is loaded when the first engine is opened. */
function lazyEngines(connections: Connections): Engines {
  let engines: Promise<Engines> | undefined
  const load = async () => {
    const {DockerEngines} = await import('../docker/engines.js')
    return new DockerEngines((...request) => connections.open(...request))
  }
  return {
    open: async (...request) => {
      engines ??= load()
      return (await engines).open(...request)
    },
  }
}

function reporterFor({json, quiet}: Wishes): Reporter {
  if (json) return SILENT_REPORTER
  return quiet ? quietReporter(process.stderr) : new TerminalReporter(process.stderr)
}

/** Locks of the state are waited for as the person wishes; those of connections are held for moments. */
function toldLocks(locks: SystemLocks, {waitLockSeconds}: Wishes, reporter: Reporter): ToldLocks {
  const note = (text: string) => reporter.note(text)
  return new ToldLocks(locks, waitLockSeconds === undefined ? {note} : {note, waitMs: waitLockSeconds * 1000})
}

/** `user@host`; the number of a user who has no name. */
function whoAmI(): string {
  return `${userName()}@${hostname()}`
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // The user has no entry in the password file, as in a container under a bare number.
    return String(process.getuid?.() ?? 'unknown')
  }
}
