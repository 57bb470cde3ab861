// A cluster whose services a controller keeps: a process of its own, killed and ended by the tests.
import type {State} from '../../../src/model/state.js'
import type {Task} from '../../../src/model/task.js'
import {docker} from '../../support/hosts/engine.js'
import {waitUntil} from '../../support/hosts/programs.js'
import type {Session} from '../../support/session.js'
import {LASTING, listenTo, type Running, type Stage} from '../session/stage.js'

/** `controller run`, which has said that it leads, or that it stands by. */
export async function startController(session: Session, ...words: readonly string[]): Promise<Running> {
  const running = listenTo(session.start(['controller', 'run', ...words]))
  await waitUntil(`a controller that is ready: ${running.said()}`, () => /leads: |stands by: /.test(running.said()))
  return running
}

/** Family `web` has one more revision; `variable` is in its environment. */
export async function register(session: Session, variable: string, command: readonly string[] = LASTING): Promise<void> {
  const app = {name: 'app', image: 'busybox:test', memory: 16, command, environment: [{name: 'VERSION', value: variable}]}
  const words = ['task-definition', 'register', '-', '--quiet']
  const started = session.start(words, {stdin: 'pipe'})
  started.stdin?.end(JSON.stringify({family: 'web', containerDefinitions: [app]}))
  const {exitCode, stderr} = await started
  if (exitCode !== 0) throw new Error(`The definition was not registered: ${String(stderr)}`)
}

/** The tasks of service `web` that run, by what the state says. */
export async function runningTasks(session: Session): Promise<readonly Task[]> {
  const {tasks} = JSON.parse(await session.text('state', 'show')) as State
  return Object.values(tasks).filter(({lastStatus, workload}) => workload?.name === 'web' && lastStatus === 'RUNNING')
}

/** Comes back when just so many tasks of `web` run, all of this revision where one is given. */
export function untilRunning(session: Session, count: number, revision?: number, deadlineMs = 60_000): Promise<void> {
  const isIt = (task: Task) => revision === undefined || task.definitionId === `web:${revision}`
  return waitUntil(
    `${count} tasks of web${revision === undefined ? '' : `:${revision}`}`,
    async () => {
      const tasks = await runningTasks(session)
      return tasks.length === count && tasks.every(isIt)
    },
    deadlineMs,
  )
}

/** The containers of services that run on these hosts, as Docker says. */
export async function containersUp(stage: Stage, hosts: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    hosts.map((host) => docker(stage.host(host), 'ps', '-q', '--no-trunc', '--filter', 'label=berth.service=web')),
  )
  return found.flatMap((ids) => ids.split('\n').filter((id) => id !== ''))
}
