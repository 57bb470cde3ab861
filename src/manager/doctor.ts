// `doctor`: what is wrong with the hosts of a cluster, and with the state, and what would mend it.
import {InterruptedError, KnownError} from '../errors.js'
import type {Examination, Finding} from '../model/diagnosis.js'
import type {Instance} from '../model/instance.js'
import {instancesOf, type State} from '../model/state.js'
import {diagnose} from '../scheduling/diagnose.js'
import {within} from '../world/deadline.js'
import type {World} from '../world/world.js'
import {leftIntents} from './intents.js'
import {foreignHoldings, PLACE_DEADLINE_MS, strangersAmong} from './observe.js'
import {clockAhead} from './inspect.js'
import {clusterNamed} from './resolve.js'

/** The state's findings, then each instance's in the order of the names. Nothing is changed. */
export async function examineCluster(world: World, name: string | undefined): Promise<readonly Finding[]> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, name)
  const instances = instancesOf(state, cluster.id)
  const examined = await Promise.all(instances.map((instance) => examine(world, state, instance)))
  // What was started while the hosts answered is known to nobody but the state of now.
  const {state: now} = await world.store.read()
  const found = instances.flatMap((instance, index) => {
    const one = examined[index]
    return one && now.instances[instance.id] ? diagnose(now, instance, one) : []
  })
  return [...findingsOfState(world, now), ...found]
}

function findingsOfState(world: World, state: State): readonly Finding[] {
  const left = leftIntents(world, state)
  const read: Finding = {what: 'state', severity: 'ok', said: `revision ${state.revision} at ${world.store.location}`}
  const intents = left.map(
    ({begunAt, by, command}): Finding => ({
      what: 'intents',
      severity: 'problem',
      said: `a "berth ${command}" of ${by}, begun ${begunAt}, ended in the middle`,
      mend: 'berth state resume',
    }),
  )
  return [read, ...intents]
}

async function examine(world: World, state: State, instance: Instance): Promise<Examination> {
  const signal = within(world.signal, PLACE_DEADLINE_MS)
  const began = world.clock.now()
  try {
    const engine = await world.engines.open(instance.address, {}, signal)
    const [facts, listed, marks] = await Promise.all([engine.facts(signal), engine.list(signal), engine.records(signal)])
    const clockAheadMs = await clockAhead(world, engine, signal)
    const owned = listed.filter(({owner}) => owner !== undefined)
    return {
      answered: true,
      tookMs: world.clock.now() - began,
      facts,
      clockAheadMs,
      owned,
      marks,
      foreign: await foreignHoldings(engine, strangersAmong(state, instance, listed), false, signal),
    }
  } catch (error) {
    if (world.signal.aborted || error instanceof InterruptedError || !(error instanceof KnownError || signal.aborted)) throw error
    return error instanceof KnownError
      ? {answered: false, why: error.message, suggestions: error.suggestions}
      : {answered: false, why: `no answer within ${PLACE_DEADLINE_MS / 1000} s`, suggestions: []}
  }
}
