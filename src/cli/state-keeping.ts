// What keeps the state that a person names: a file, or an etcd.
import {dirname, join, resolve} from 'node:path'
import {InvalidInputError} from '../errors.js'
import {quoted} from '../model/names.js'
import {etcdAccess} from '../store/etcd/access.js'
import {namesEtcd, parseEtcdAddress} from '../store/etcd/address.js'
import {EtcdStore} from '../store/etcd/etcd-store.js'
import {PlacementRecordFiles} from '../store/placement-records.js'
import {StateFile, type StateFileWorld} from '../store/state-file.js'
import {TaskRecordFiles} from '../store/task-records.js'
import {SystemProcesses} from '../system/process-identity.js'
import {SharedClients} from '../system/shared-clients.js'
import type {Clients} from '../world/clients.js'
import type {StateStore} from '../world/store.js'

/** The store of that location, which opens nothing yet; etcd's client is loaded with the first call. Throws `InvalidState`. */
export function storeAt(location: string, world: StateFileWorld): StateStore {
  if (!namesEtcd(location)) return new StateFile(world, fileOf(location))
  const store: EtcdStore = new EtcdStore({...world, clients: () => clientsOf(store)}, parseEtcdAddress(location), () =>
    etcdAccess(process.env),
  )
  return store
}

/** The clients of the store: of a file those of this machine, of an etcd those of all. */
export function clientsOf(store: StateStore): Clients {
  return store instanceof EtcdStore ? new SharedClients(new SystemProcesses(), store) : new SystemProcesses()
}

/** Where the state lies, and what lies beside it on this machine: beside its file, or, of a shared state, in `folder`. Throws `InvalidState`, before anything is opened. */
export function besideState(location: string, folder: string) {
  const base = folderBeside(location, folder)
  return {
    location,
    placements: () => new PlacementRecordFiles(join(base, 'placements')),
    records: () => new TaskRecordFiles(join(base, 'tasks')),
  }
}

function folderBeside(location: string, folder: string): string {
  if (!namesEtcd(location)) return dirname(fileOf(location))
  parseEtcdAddress(location)
  return folder
}

function fileOf(location: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return resolve(location)
  // An address may hold a password.
  const what = location.includes('@') ? 'That address' : quoted(location)
  throw new InvalidInputError('InvalidState', `${what} cannot hold the state: give the path of a file, or etcd://HOST:PORT/PREFIX.`, {
    suggestions: ['berth cluster list --state ./state.json', 'berth cluster list --state etcd://etcd1:2379/berth'],
  })
}
