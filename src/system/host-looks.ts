// Looks at a host beside its engine: by its far shell over the kept ssh connection, or as a part of this machine.
import {statfs} from 'node:fs/promises'
import {text} from 'node:stream/consumers'
import type {DiskRoom, Share, SshWay} from '../model/diagnosis.js'
import type {HostAddress} from '../model/host-address.js'
import {quoted, shellWord} from '../model/names.js'
import type {HostLooks} from '../world/host-looks.js'
import {type Channel, openChannel} from './channel.js'
import type {ConnectionTools} from './connection-tools.js'
import {shareIn} from './df-text.js'
import type {KeptConnection} from './kept-connection.js'
import type {SshAddress} from './ssh-arguments.js'
import {keptConnection} from './ssh-connection.js'

/** What sshd opens on a connection unless told otherwise; more are not asked for. */
const MOST_SESSIONS = 10
const BYTES_PER_BLOCK = 1024

export class SystemHostLooks implements HostLooks {
  constructor(private readonly tools: ConnectionTools) {}

  async disk(address: HostAddress, folder: string, signal: AbortSignal): Promise<DiskRoom> {
    switch (address.kind) {
      case 'ssh':
        return farDisk(await keptConnection(this.tools, address, signal), folder, signal)
      case 'unix':
        return ownDisk(folder)
      case 'tcp':
        return {told: false, why: 'over TCP nothing but the engine can be asked'}
    }
  }

  async ssh(address: HostAddress, signal: AbortSignal): Promise<SshWay | undefined> {
    return address.kind === 'ssh' ? this.#sshWay(address, signal) : undefined
  }

  async #sshWay(address: SshAddress, signal: AbortSignal): Promise<SshWay> {
    const kept = await keptConnection(this.tools, address, signal)
    return kept.way === 'forward' ? {kind: 'sockets'} : {kind: 'sessions', ...(await countSessions(kept, signal))}
  }
}

/** A line for the blocks and one for the inodes, empty where df fails; of its two lines the last is what was asked for. */
async function farDisk(kept: KeptConnection, folder: string, signal: AbortSignal): Promise<DiskRoom> {
  const df = (flags: string) => `echo "$(LC_ALL=C df ${flags} ${shellWord(folder)} 2>/dev/null | tail -n 1)"`
  const channel = await openChannel(kept, `sh -c ${shellWord(`${df('-Pk')}; ${df('-Pi')}`)}`, signal)
  if (channel === undefined) return {told: false, why: 'it opens no further session'}
  const end = () => channel.end()
  signal.addEventListener('abort', end)
  try {
    const [blocks, inodes] = (await text(channel.stdout)).split('\n')
    signal.throwIfAborted()
    return roomOf(folder, shareIn(blocks), shareIn(inodes))
  } finally {
    signal.removeEventListener('abort', end)
    channel.end()
  }
}

function roomOf(folder: string, blocks: Share | undefined, inodes: Share | undefined): DiskRoom {
  if (blocks === undefined) return {told: false, why: `df tells nothing of ${quoted(folder)} there`}
  const bytes = {free: blocks.free * BYTES_PER_BLOCK, total: blocks.total * BYTES_PER_BLOCK}
  return {told: true, bytes, ...(inodes ? {inodes} : {})}
}

async function ownDisk(folder: string): Promise<DiskRoom> {
  try {
    const {bavail, blocks, bsize, ffree, files} = await statfs(folder)
    const bytes = {free: bavail * bsize, total: blocks * bsize}
    return {told: true, bytes, ...(files > 0 ? {inodes: {free: ffree, total: files}} : {})}
  } catch {
    // The engine behind the socket lives in a machine of its own, as Docker Desktop's does, or only root may look there.
    return {told: false, why: `${quoted(folder)} of its engine cannot be seen from here`}
  }
}

/** Opens sessions until one is refused, and ends them all. */
async function countSessions(kept: KeptConnection, signal: AbortSignal): Promise<{readonly count: number; readonly atLeast: boolean}> {
  const opened: Channel[] = []
  try {
    while (opened.length < MOST_SESSIONS) {
      const channel = await openChannel(kept, 'cat', signal)
      if (channel === undefined) return {count: opened.length, atLeast: false}
      opened.push(channel)
    }
    return {count: opened.length, atLeast: true}
  } finally {
    for (const channel of opened) channel.end()
  }
}
