// Tasks that nobody drives and that need somebody: an essential container has ended and the others still run, or a restart policy wants a container back.
// On ECS the agent does it; here whichever command looks at the host next.
import type {Observation} from '../model/observation.js'
import type {State} from '../model/state.js'
import type {Task} from '../model/task.js'
import {type Instant, instant} from '../model/time.js'
import {Watches} from '../tasks/watch.js'
import {within} from '../world/deadline.js'
import type {World} from '../world/world.js'
import {drive, inContext, reported} from './drive.js'
import {closeTask, END_DEADLINE_MS, onHost} from './housekeeping.js'

/** Whoever began to stop a task and has not ended within this time is gone; no stop timeout of a definition is longer than most of it. */
const STOP_PATIENCE_MS = 5 * 60 * 1000

/** After it what can be done at once was done for each such task, within two seconds; the state says what came of it. */
export async function helpOn(world: World, state: State, seen: Observation): Promise<State> {
  const needy = Object.values(state.tasks).filter((task) => needsHelp(task, seen))
  if (needy.length === 0) return state
  const watches = new Watches(world.clock)
  try {
    await Promise.all(needy.map((task) => helpOne(world, state, task, watches)))
  } finally {
    watches.close()
  }
  return (await world.store.read()).state
}

async function helpOne(world: World, state: State, task: Task, watches: Watches): Promise<void> {
  const signal = within(world.signal, END_DEADLINE_MS)
  await onHost(world, state, task, async (engine) => {
    const context = inContext(state, task)
    const helped = await drive(world, engine, context, {goal: 'now', watch: watches.of(engine), signal})
    if (helped === task) return
    await world.store.update({...world.why, because: `task ${task.id.slice(0, 8)} was helped on`}, (current) => ({
      state: reported(helped)(current),
      result: undefined,
    }))
    if (helped.lastStatus === 'STOPPED') await closeTask(world, engine, {...context, task: helped}, world.clock.now())
  })
}

function needsHelp(task: Task, seen: Observation): boolean {
  const instance = seen.instances[task.instanceId]
  if (!instance?.answered || task.lastStatus === 'STOPPED') return false
  if (task.lastStatus === 'STOPPING') return task.stoppingAt === undefined || isLeft(task.stoppingAt, seen.at)
  return (
    task.lastStatus === 'RUNNING' &&
    task.containers.some((container) => container.lastStatus === 'RUNNING' && isDown(container.containerName, instance))
  )
}

function isLeft(stoppingAt: string, now: Instant): boolean {
  return now - instant(stoppingAt) > STOP_PATIENCE_MS
}

/** Recorded as RUNNING after the look and yet not up: its policy starts it again. */
function isDown(
  containerName: string,
  {containers}: {readonly containers: readonly {readonly name: string; readonly status: string}[]},
): boolean {
  return containers.some((one) => one.name === containerName && one.status === 'exited')
}
