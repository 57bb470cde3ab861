// `doctor`: what is wrong with the hosts of a cluster, and with the state, and what would mend it.
import {requiredAttributes} from '../ecs/attributes.js'
import {InterruptedError, KnownError} from '../errors.js'
import type {DiskRoom, Examination, Finding, SshWay} from '../model/diagnosis.js'
import type {HostAddress} from '../model/host-address.js'
import type {Instance} from '../model/instance.js'
import {instancesOf, type State} from '../model/state.js'
import {timestamp} from '../model/time.js'
import {diagnoseWorkloads} from '../scheduling/diagnose-workloads.js'
import {diagnose} from '../scheduling/diagnose.js'
import {within} from '../world/deadline.js'
import type {World} from '../world/world.js'
import {controllerOf} from './controllers.js'
import {leftIntents} from './intents.js'
import {foreignHoldings, PLACE_DEADLINE_MS, strangersAmong} from './observe.js'
import {clockAhead} from './inspect.js'
import {clusterNamed} from './resolve.js'

/** The state's findings, those of daemons and services, then each instance's in the order of the names. Nothing is changed. */
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
  // Of a host that does not answer now nobody knows how its tasks are.
  const silent = instances.flatMap(({id}, index) => {
    const one = examined[index]
    return one?.answered === false ? [[id, {answered: false, since: timestamp(world.clock.now()), why: one.why}] as const] : []
  })
  const known = {
    state: now,
    seen: {at: world.clock.now(), instances: Object.fromEntries(silent)},
    now: world.clock.now(),
    requiredAttributes,
  }
  const {leader} = await controllerOf(world, cluster)
  return [...findingsOfState(world, now), ...diagnoseWorkloads(known, cluster.id, leader !== undefined), ...found]
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
    const [facts, listed, marks, kept] = await Promise.all([
      engine.facts(signal),
      engine.list(signal),
      engine.marks(signal),
      engine.keptRecords(signal),
    ])
    const clockAheadMs = await clockAhead(world, engine, signal)
    const tookMs = world.clock.now() - began
    const dataRoot = await engine.dataRoot(signal)
    const looks = await lookAt(world, instance.address, dataRoot)
    const owned = listed.filter(({owner}) => owner !== undefined)
    return {
      answered: true,
      tookMs,
      facts,
      clockAheadMs,
      dataRoot,
      ...looks,
      owned,
      marks,
      kept,
      foreign: await foreignHoldings(engine, strangersAmong(state, instance, listed), false, signal),
    }
  } catch (error) {
    return {answered: false, ...whyNot(world, signal, error)}
  }
}

/** What the host tells besides its engine: that it does not is no reason to doubt the engine. */
async function lookAt(world: World, address: HostAddress, dataRoot: string): Promise<{readonly disk: DiskRoom; readonly ssh?: SshWay}> {
  const signal = within(world.signal, PLACE_DEADLINE_MS)
  const why = (error: unknown) => whyNot(world, signal, error).why
  const disk = await world.hostLooks.disk(address, dataRoot, signal).catch((error: unknown): DiskRoom => ({told: false, why: why(error)}))
  // After it: the look at the disk takes a session, and these are counted.
  const ssh = await world.hostLooks.ssh(address, signal).catch((error: unknown): SshWay => ({kind: 'untold', why: why(error)}))
  return {disk, ...(ssh === undefined ? {} : {ssh})}
}

/** Throws what is no host's fault. */
function whyNot(world: World, signal: AbortSignal, error: unknown): {readonly why: string; readonly suggestions: readonly string[]} {
  if (world.signal.aborted || error instanceof InterruptedError || !(error instanceof KnownError || signal.aborted)) throw error
  return error instanceof KnownError
    ? {why: error.message, suggestions: error.suggestions}
    : {why: `no answer within ${PLACE_DEADLINE_MS / 1000} s`, suggestions: []}
}
