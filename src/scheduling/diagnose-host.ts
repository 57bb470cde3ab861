// What to make of a host's disk, of its sshd, and of what it keeps of the state.
import type {DiskRoom, Finding, Share, SshWay} from '../model/diagnosis.js'
import {epochOf} from '../model/cluster.js'
import type {HostAddress} from '../model/host-address.js'
import type {Instance} from '../model/instance.js'
import type {KeptRecord} from '../model/kept-record.js'
import {type State, the} from '../model/state.js'
import {typedDocker} from '../model/typed-docker.js'
import {recordChanges, recordsWanted} from './kept-records.js'

const GIB = 1024 ** 3
/** Less than either is a problem: an image takes the one, and what slowly fills a disk leaves time to mend it at the other. */
const LEAST_BYTES = 2 * GIB
const LEAST_SHARE = 0.1

/** A finding before it is said of which instance. */
export type Found = Omit<Finding, 'instance'>

/** Has the engine room for images and for what containers write? Inodes run out too. */
export function diskFinding(address: HostAddress, dataRoot: string, room: DiskRoom): Found {
  if (!room.told) return {what: 'disk', severity: 'note', said: `what is left of it cannot be told: ${room.why}`}
  const {bytes, inodes} = room
  const left = [`${(bytes.free / GIB).toFixed(1)} GiB (${percent(bytes)} %)`, ...(inodes ? [`${percent(inodes)} % of the inodes`] : [])]
  const said = `${left.join(' and ')} free at ${dataRoot}`
  const isShort = bytes.free < LEAST_BYTES || isLow(bytes) || (inodes !== undefined && isLow(inodes))
  return isShort
    ? {what: 'disk', severity: 'problem', said, mend: typedDocker(address, 'system prune')}
    : {what: 'disk', severity: 'ok', said}
}

/** Where sockets are forwarded, sessions are of no weight. */
export function sshFinding(way: SshWay): Found {
  switch (way.kind) {
    case 'sockets':
      return {what: 'ssh', severity: 'ok', said: 'forwards sockets: any number of commands share one connection'}
    case 'sessions': {
      const count = `${way.atLeast ? 'at least ' : ''}${way.count}`
      const said = `forbids to forward sockets (AllowStreamLocalForwarding): commands take turns; it opens ${count} more sessions at once`
      return {what: 'ssh', severity: 'note', said}
    }
    case 'untold':
      return {what: 'ssh', severity: 'note', said: `what it allows cannot be told: ${way.why}`}
  }
}

function isLow({free, total}: Share): boolean {
  return free < total * LEAST_SHARE
}

/** Rounded down: what is short never looks enough. */
function percent({free, total}: Share): number {
  return total === 0 ? 0 : Math.floor((free / total) * 100)
}

/** Does it keep what a lost state would be made anew from? A definition that was registered since the last look is on its way. */
export function recordsFinding(state: State, instance: Instance, kept: readonly KeptRecord[]): Found {
  const cluster = the(state.clusters, instance.clusterId)
  const wanted = recordsWanted(state, cluster).get(instance.id) ?? []
  const {isOutdated, keep} = recordChanges(kept, wanted, cluster.id, epochOf(cluster, state.revision))
  if (isOutdated) {
    const said = 'it keeps records of a newer copy of this state'
    return {what: 'records', severity: 'problem', said, mend: 'berth state rebuild --dry-run'}
  }
  if (keep.length === 0) return {what: 'records', severity: 'ok', said: `keeps ${wanted.length} of the state`}
  const said = `${keep.length} of ${wanted.length} of the state are not on it: it could not be made anew from this host alone`
  const isGrave = keep.some(({kind}) => kind === 'cluster' || kind === 'instance')
  return {
    what: 'records',
    severity: isGrave ? 'problem' : 'note',
    said,
    ...(isGrave ? {mend: `berth cluster refresh ${cluster.name}`} : {}),
  }
}
