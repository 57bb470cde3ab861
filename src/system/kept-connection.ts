// What is kept of a connection between two commands: a few files in the runtime folder, named by a short hash of the address.
// The address is hashed with the ssh configuration it is read by: under another one the same name may be another host.
import {createHash} from 'node:crypto'
import {readdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Timestamp} from '../model/time.js'
import {isListening} from './sockets.js'
import type {SshAddress} from './ssh-arguments.js'

/** Where an engine listens unless the address says otherwise. */
export const DEFAULT_SOCKET = '/var/run/docker.sock'

/** sshd opens 10 sessions on a connection unless told otherwise (MaxSessions); two stay free for whoever looks what is wrong. */
const PLACES = 8

/**
 * How the engine is spoken to through the master: by its forwarded socket or, where sshd forbids that, by the docker client of the
 * host; as root, where only root may open the engine's socket.
 */
export type Way = 'forward' | 'docker' | 'sudo-docker'

/** The record of one connection, as JSON beside its sockets. */
export interface KeptConnection {
  /** As a person would type it. */
  readonly host: string
  /** Process id of the master. */
  readonly pid: number
  /** The master's control socket. */
  readonly control: string
  /** The forwarded socket; it leads somewhere only where `way` is `forward`. */
  readonly socketPath: string
  readonly way: Way
  readonly since: Timestamp
}

export interface ConnectionFiles {
  readonly lock: string
  readonly record: string
  readonly socket: string
  /** The record of a login that has begun. */
  readonly begun: string
  /** What its ssh has said so far. */
  readonly said: string
  /** The last login that failed: those who waited for it need not try too. */
  readonly failure: string
  /** The locks of those who dial: as many as may be at it at once. */
  readonly places: readonly string[]
  /** A control socket of this name was never used: a master whose command was killed can be in nobody's way. */
  control(id: string): string
}

export function connectionFiles(folder: string, address: SshAddress, config: string | undefined): ConnectionFiles {
  const identity = JSON.stringify([address.user, address.host, address.port, address.socketPath ?? DEFAULT_SOCKET, config])
  return filesOf(join(folder, createHash('sha256').update(identity).digest('hex').slice(0, 12)))
}

/** After it the record is there, whole, for this person only. */
export async function writeKept(files: ConnectionFiles, kept: KeptConnection): Promise<void> {
  const draft = `${files.record}.new`
  await writeFile(draft, `${JSON.stringify(kept)}\n`, {mode: 0o600})
  await rename(draft, files.record)
}

/** `undefined` when there is no record, or none that can be read. */
export async function readKept(files: ConnectionFiles): Promise<KeptConnection | undefined> {
  try {
    const {host, pid, control, socketPath, since, way} = JSON.parse(await readFile(files.record, 'utf8')) as Partial<KeptConnection>
    const whole = host !== undefined && pid !== undefined && control !== undefined && socketPath !== undefined && since !== undefined
    return whole && way !== undefined ? {host, pid, control, socketPath, since, way} : undefined
  } catch {
    // Gone, or torn: then nothing is kept, and the next login writes it anew.
    return undefined
  }
}

/**
 * The connection, when its way is open on this machine. That its host still answers is not checked: its master notices silence by
 * itself and ends.
 */
export async function standingConnection(files: ConnectionFiles): Promise<KeptConnection | undefined> {
  const kept = await readKept(files)
  if (kept === undefined) return undefined
  return (await isListening(kept.way === 'forward' ? kept.socketPath : kept.control)) ? kept : undefined
}

/** The files of every connection that has a record. */
export function keptFiles(folder: string): Promise<readonly ConnectionFiles[]> {
  return filesEndingWith(folder, '.json')
}

/** The files of every login that has begun and was not waited for to its end. */
export function begunFiles(folder: string): Promise<readonly ConnectionFiles[]> {
  return filesEndingWith(folder, '.login')
}

/**
 * Removes what a connection or a login leaves behind. Its master must have ended, or be about to. Places are left: living processes may
 * still hold them, and dead ones are in nobody's way.
 */
export async function forgetKept(files: ConnectionFiles, kept: KeptConnection | undefined): Promise<void> {
  const leftovers = [files.record, files.socket, files.begun, files.said, files.failure, ...(kept === undefined ? [] : [kept.control])]
  await Promise.all(leftovers.map((path) => rm(path, {force: true})))
}

async function filesEndingWith(folder: string, ending: string): Promise<readonly ConnectionFiles[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => name.endsWith(ending)).map((name) => filesOf(join(folder, name.slice(0, -ending.length))))
}

function filesOf(stem: string): ConnectionFiles {
  return {
    lock: `${stem}.lock`,
    record: `${stem}.json`,
    socket: `${stem}.sock`,
    begun: `${stem}.login`,
    said: `${stem}.said`,
    failure: `${stem}.failed`,
    places: Array.from({length: PLACES}, (_, index) => `${stem}-${index}.place`),
    control: (id) => `${stem}-${id.slice(0, 8)}.ctl`,
  }
}
