// `task stop`: what it plans is what it does.
import {expect} from 'chai'
import {runTasks} from '../../../src/manager/run-tasks.js'
import {stopTasks} from '../../../src/manager/tasks.js'
import {instant} from '../../../src/model/time.js'
import {aDefinition, aDocument, anInstance, aState, LONG_AGO} from '../../support/build.js'
import {aWorld} from './fake-world.js'
import {NOTHING_ASKED} from './nothing-asked.js'

/** Of one host with two cores. */
const MANY = 12

const here = anInstance()
const definition = aDefinition({document: aDocument({image: 'busybox:test', command: ['sh', '-c', 'sleep 600']})})

/** The seconds that the engine was told when a task was stopped so, and those in the plan. */
async function secondsGiven(timeoutSeconds: number | undefined): Promise<{readonly told: readonly number[]; readonly planned: unknown}> {
  const world = aWorld({now: instant(LONG_AGO) + 1000, state: aState({instances: [here], definitions: [definition]})})
  const engine = world.engineOf(here)
  const stop = engine.stop.bind(engine)
  const told: number[] = []
  engine.stop = async (container, seconds, signal) => {
    told.push(seconds)
    await stop(container, seconds, signal)
  }
  await (await runTasks(world, {...NOTHING_ASKED, reference: 'web', detach: true})).finish()
  const tasks = Object.keys((await world.store.read()).state.tasks)
  const {plan} = await stopTasks(world, {cluster: undefined, dryRun: false, reason: undefined, tasks, timeoutSeconds})
  const [action] = plan.actions
  return {told, planned: action?.kind === 'stopTask' ? action.timeoutSeconds : action}
}

describe('stopTasks', () => {
  it('gives a task the time of its definition where no other is asked for', async () => {
    expect(await secondsGiven(undefined)).to.deep.equal({told: [30], planned: undefined})
  })

  it('gives a task the time that was asked for, and says so in its plan', async () => {
    expect(await secondsGiven(5)).to.deep.equal({told: [5], planned: 5})
  })

  it('stops all tasks of a host together: each takes its own time to end', async () => {
    const world = aWorld({now: instant(LONG_AGO) + 1000, state: aState({instances: [here], definitions: [definition]})})
    const engine = world.engineOf(here)
    const stop = engine.stop.bind(engine)
    let asked = 0
    let letGo = () => {}
    const allAsked = new Promise<void>((resolve) => (letGo = resolve))
    engine.stop = async (container, seconds, signal) => {
      asked += 1
      if (asked === MANY) letGo()
      await allAsked
      await stop(container, seconds, signal)
    }
    await (await runTasks(world, {...NOTHING_ASKED, reference: 'web', count: MANY, detach: true})).finish()
    const tasks = Object.keys((await world.store.read()).state.tasks)

    await stopTasks(world, {cluster: undefined, dryRun: false, reason: undefined, tasks, timeoutSeconds: undefined})

    expect(asked).to.equal(MANY)
    expect(Object.values((await world.store.read()).state.tasks).every(({lastStatus}) => lastStatus === 'STOPPED')).to.equal(true)
  })
})
