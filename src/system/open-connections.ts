// The connections that are kept: what they are, and their end.
import {parseHost} from '../model/host-address.js'
import type {OpenConnection} from '../world/connections.js'
import type {ConnectionTools} from './connection-tools.js'
import {hostLock, tryHostLock} from './host-lock.js'
import {answerThrough} from './dial.js'
import {readLogin} from './begun-login.js'
import {begunFiles, type ConnectionFiles, forgetKept, keptFiles, type KeptConnection, readKept} from './kept-connection.js'
import {answerAt, isListening, type SocketAnswer} from './sockets.js'
import {endKept} from './ssh-login.js'
import {engineProgram} from './way-around.js'

const LOOK_MS = 2000

interface Found {
  readonly files: ConnectionFiles
  readonly connection: OpenConnection
}

/** Every connection with a living master, in order of the hosts. Records whose master has ended are cleared away. */
export async function openConnections(tools: ConnectionTools): Promise<readonly OpenConnection[]> {
  return (await found(tools)).map(({connection}) => connection)
}

/**
 * Ends the connections to this host, given as typed at the join or by its bare name, or all of them; returns what was ended,
 * as it was before. Logins that go on for the next command end too, with all of them or by the host's name.
 */
export async function closeConnections(tools: ConnectionTools, host: string | undefined): Promise<readonly OpenConnection[]> {
  const meant = (await found(tools)).filter(({connection}) => host === undefined || isNamed(connection, host))
  const ends = [...meant.map(({files}) => files), ...(await loginsTo(tools, host))]
  await Promise.all(ends.map((files) => end(tools, files)))
  return meant.map(({connection}) => connection)
}

async function found(tools: ConnectionTools): Promise<readonly Found[]> {
  const looked = await Promise.all((await keptFiles(tools.runtimeFolder)).map((files) => look(tools, files)))
  return looked
    .filter((one) => one !== undefined)
    .sort((a, b) => (a.connection.host < b.connection.host ? -1 : a.connection.host > b.connection.host ? 1 : 0))
}

async function loginsTo(tools: ConnectionTools, host: string | undefined): Promise<readonly ConnectionFiles[]> {
  const looked = await Promise.all((await begunFiles(tools.runtimeFolder)).map(async (files) => ({files, login: await readLogin(files)})))
  return looked.flatMap(({files, login}) => (host === undefined || (login !== undefined && isNamed(login, host)) ? [files] : []))
}

async function look(tools: ConnectionTools, files: ConnectionFiles): Promise<Found | undefined> {
  const kept = await readKept(files)
  if (kept === undefined || !(await isListening(kept.control))) {
    await clear(tools, files)
    return undefined
  }
  const {host, pid, since, socketPath} = kept
  const alive = (await signOfLife(kept)) === 'answers'
  return {files, connection: {host, pid, since, socketPath, alive}}
}

/** Without a place of its own, so that a connection in full use still shows as alive. */
function signOfLife(kept: KeptConnection): Promise<SocketAnswer> {
  const {host, socketPath, way} = kept
  const address = parseHost(host)
  if (way === 'forward' || address.kind !== 'ssh') return answerAt(socketPath, LOOK_MS)
  return answerThrough(kept, engineProgram(way, address), LOOK_MS)
}

/** Removes the files of a master that has ended, unless somebody is logging in just now: then they are theirs. */
async function clear(tools: ConnectionTools, files: ConnectionFiles): Promise<void> {
  const lock = await tryHostLock(tools, files)
  if (lock === undefined) return
  try {
    const kept = await readKept(files)
    if (kept === undefined || !(await isListening(kept.control))) await forgetKept(files, kept)
  } finally {
    lock.release()
  }
}

async function end(tools: ConnectionTools, files: ConnectionFiles): Promise<void> {
  const lock = await hostLock(tools, files, async () => false, new AbortController().signal)
  await endKept(files).finally(() => lock?.release())
}

function isNamed(connection: Pick<OpenConnection, 'host'>, host: string): boolean {
  const address = parseHost(connection.host)
  return connection.host === host || (address.kind === 'ssh' && address.host === host)
}
