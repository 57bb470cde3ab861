// Commands on a real engine, killed before one of the things that they do to a file, by strace, and typed once more.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {TestHosts} from '../support/hosts/test-hosts.js'
import type {Session} from '../support/session.js'
import {type Killed, type Operation, typedAgain} from './killed.js'
import {onStage} from './stage.js'

/** What makes, changes, names or removes a file, or brings it to the disk; a folder that is there already is no change. */
const WRITES = ['symlink', 'pwrite64', 'ftruncate', 'fsync', 'fdatasync', 'rename', 'link', 'unlink']

/** strace counts the calls of each thread by themselves: with a single thread for files a number means one call. */
const ONE_THREAD = {UV_THREADPOOL_SIZE: '1'}

/** The n-th call of this name. */
export interface Write {
  readonly call: string
  readonly at: number
}

/** Every write to the session's own files that the operation does when nobody kills it, in their order. */
export async function writesOf(hosts: TestHosts, operation: Operation): Promise<readonly Write[]> {
  return onStage(hosts, operation, async ({session, words}) => {
    await traced(session, words)
    const counts = new Map<string, number>()
    return callsIn(session).flatMap(({call, file}) => {
      const at = (counts.get(call) ?? 0) + 1
      counts.set(call, at)
      return file === '' ? [] : [{call, at}]
    })
  })
}

/** Kills the operation before this write, types it once more, and looks. */
export async function killedBefore(hosts: TestHosts, name: string, operation: Operation, {at, call}: Write): Promise<Killed> {
  return onStage(hosts, operation, async ({session, words}) => {
    await traced(session, words, ['-e', `inject=${call}:signal=SIGKILL:when=${at}`])
    const calls = callsIn(session)
    const last = calls.at(-1)
    const wasKilled = last?.call === call && calls.filter((one) => one.call === call).length === at
    const moment = wasKilled ? `before ${call} ${last.file}` : ''
    return {operation: name, moment, outcome: await typedAgain({hosts, operation, session, words})}
  })
}

async function traced(session: Session, words: readonly string[], injected: readonly string[] = []): Promise<void> {
  const trace = ['strace', '-f', '-qq', '-y', '-o', logOf(session), '-e', `trace=${WRITES.join(',')}`, '-e', 'signal=none', ...injected]
  await session.start(words, {env: ONE_THREAD, through: trace})
}

/** Every call in the trace, in the order in which they began, and the name of the file that each is about. */
function callsIn(session: Session): readonly {readonly call: string; readonly file: string}[] {
  const lines = readFileSync(logOf(session), 'utf8').split('\n')
  return lines.flatMap((line) => {
    const [, call, words] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? []
    return call === undefined || words === undefined ? [] : [{call, file: fileIn(words, session)}]
  })
}

/** A path in quotes or behind a descriptor that lies in the session's folder; ids in it are of no interest. */
function fileIn(words: string, session: Session): string {
  const paths = [...words.matchAll(/["<](\/[^">]*)[">]/g)].map(([, path = '']) => path).filter((path) => path.startsWith(session.folder))
  const name = (paths[0] ?? '').slice(session.folder.length + 1)
  return name.replaceAll(/[0-9a-f]{32}/g, 'ID').replaceAll(/\.\d+\.new$/g, '.PID.new')
}

function logOf(session: Session): string {
  return join(session.folder, 'calls')
}
