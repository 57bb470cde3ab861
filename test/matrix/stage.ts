// The stage that is set for each command of the matrix: a cluster whose hosts are reached through a proxy that kills.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {sshHost, type TestHost, type TestHosts} from '../support/hosts/test-hosts.js'
import {Countdown, KillingProxy} from '../support/killing-proxy.js'
import {openSession, type Session} from '../support/session.js'
import {stateIn} from '../support/state-folder.js'

const SLEEPS = {image: 'busybox:test', memory: 16, command: ['sh', '-c', 'trap "exit 143" TERM; sleep 600 & wait']}
const served = (revision: string) => ({
  family: 'served',
  containerDefinitions: [{name: 'web', ...SLEEPS, environment: [{name: 'REVISION', value: revision}]}],
})
/** In the order in which they are registered. */
const DEFINITIONS = [{family: 'pair', containerDefinitions: ['web', 'helper'].map((name) => ({name, ...SLEEPS}))}, served('1'), served('2')]

/** Among what runs before an operation: the second host joins. */
export const SPARE: readonly string[] = ['instance', 'join', 'SPARE', '--name', 'spare']

/** The hosts, by the names of their instances. */
export function instancesOn(hosts: TestHosts): {readonly local: TestHost; readonly spare: TestHost} {
  return {local: hosts.local, spare: sshHost(hosts, 'web1')}
}

export interface Stage {
  readonly countdown: Countdown
  readonly session: Session
  readonly words: readonly string[]
}

interface Scene {
  readonly words: readonly string[]
  readonly before: readonly (readonly string[])[]
}

/** A cluster whose hosts are reached through proxies; nothing of it is left afterwards. */
export async function onStage<T>(hosts: TestHosts, {before, words}: Scene, use: (stage: Stage) => Promise<T>): Promise<T> {
  const countdown = new Countdown()
  const {local, spare} = instancesOn(hosts)
  const proxies = [await KillingProxy.start(local.socketPath, countdown), await KillingProxy.start(spare.socketPath, countdown)] as const
  const [url, spareUrl] = proxies.map(({socketPath}) => `unix://${socketPath}`)
  const session = await openSession()
  try {
    await session.text('cluster', 'create', 'prod')
    await session.text('instance', 'join', url ?? '', '--name', 'local')
    for (const [index, definition] of DEFINITIONS.entries()) {
      const file = join(session.folder, `${index}.json`)
      await writeFile(file, JSON.stringify(definition))
      await session.text('task-definition', 'register', file)
    }
    for (const one of before) await session.text(...one.map((word) => (word === 'SPARE' ? (spareUrl ?? '') : word)))
    const ids = Object.keys(stateIn(session.stateFile).tasks)
    return await use({countdown, session, words: words.flatMap((word) => (word === 'TASKS' ? ids : [word]))})
  } finally {
    await session.berth('state', 'resume')
    await session.berth('cluster', 'delete', 'prod', '--force', '--yes')
    await session.close()
    for (const proxy of proxies) await proxy.stop()
  }
}
