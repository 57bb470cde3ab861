// Everything outside the process, as one value that is handed down as the first argument.
import type {OwnImage} from './assembled-image.js'
import type {ClientFiles} from './client-files.js'
import type {Clients} from './clients.js'
import type {Clock, Ids} from './clock.js'
import type {Connections, HostCatalog} from './connections.js'
import type {Engines} from './engine.js'
import type {HostLocks} from './host-locks.js'
import type {HostLooks} from './host-looks.js'
import type {LocalPorts} from './local-ports.js'
import type {LocalTree} from './local-tree.js'
import type {Person, Reporter} from './person.js'
import type {RegistryCredentials} from './registry-credentials.js'
import type {Secrets} from './secrets.js'
import type {SettingsStore} from './settings.js'
import type {PlacementRecords} from './placement-records.js'
import type {Signals} from './signals.js'
import type {StateStore} from './store.js'
import type {TaskRecords} from './task-records.js'
import type {UnitFiles} from './unit-files.js'
import type {TerminalWindow} from './window.js'

export interface World {
  readonly clients: Clients
  readonly clock: Clock
  readonly ids: Ids
  readonly store: StateStore
  /** Another store, by what a person would name it by; whoever opens it closes it. Throws `InvalidState`. */
  readonly openStore: (location: string) => StateStore
  readonly settings: SettingsStore
  readonly records: TaskRecords
  readonly placements: PlacementRecords
  readonly engines: Engines
  readonly registryCredentials: RegistryCredentials
  readonly secrets: Secrets
  readonly connections: Connections
  /** Files of the machine that the command runs on. */
  readonly files: ClientFiles
  readonly localPorts: LocalPorts
  /** How long a lock on a host that another holds is waited for at most. */
  readonly lockWaitMs: number
  readonly hosts: HostCatalog
  readonly hostLocks: HostLocks
  readonly hostLooks: HostLooks
  readonly ownImage: OwnImage
  readonly person: Person
  readonly reporter: Reporter
  /** Who runs the command, and which: for the history of the state. */
  readonly why: {readonly command: string; readonly by: string}
  /** All that was typed after `berth`: what an error suggests to type again. */
  readonly typed: readonly string[]
  readonly signals: Signals
  /** Files and folders of that machine as archives. */
  readonly tree: LocalTree
  readonly units: UnitFiles
  readonly window: TerminalWindow
  /** Fires when the command must end: Ctrl-C, SIGTERM, a deadline. */
  readonly signal: AbortSignal
}
