// `cluster drift`: what differs between the state and the hosts of a cluster, and the answers to it.
import type {Cluster} from '../model/cluster.js'
import type {AnswerName, Drift} from '../model/drift.js'
import type {IgnoredDrift} from '../model/ignored-drift.js'
import {instancesOf, recordAt, type State} from '../model/state.js'
import type {Timestamp} from '../model/time.js'
import {type Answered, planAnswers} from '../scheduling/drift/answer.js'
import {findDrift, noLongerFound} from '../scheduling/drift/find.js'
import type {DriftAsked} from '../scheduling/drift/asked.js'
import type {World} from '../world/world.js'
import {type Done, done, failureOf} from './done.js'
import {ANSWERS, answersNamed, type DriftWanted} from './drift-answers.js'
import {driftLens} from './drift-lens.js'
import {inspectCluster} from './inspect.js'
import {isOfSameWords, leftIntents} from './intents.js'
import {clusterNamed} from './resolve.js'
import {takeUp} from './resume.js'
import {settle} from './settle.js'

export interface DriftFound {
  readonly cluster: Cluster
  /** What counts; after answers, what got none. */
  readonly drift: readonly Drift[]
  readonly ignored: readonly {readonly drift: Drift; readonly known: IgnoredDrift}[]
  readonly silent: readonly {readonly instance: string; readonly since: Timestamp; readonly why: string}[]
  /** What was answered; `undefined` where only a look was asked for. */
  readonly answered?: readonly Answered[]
}

/**
 * The drift of the cluster after a look at all its hosts, which changes nothing; with answers, what they came to. Throws `DriftNotFound`, `TwoAnswers`,
 * `NoSuchAnswer`, `NoInstanceFits`, and `DeclinedError` before something is stopped or removed.
 */
export async function clusterDrift(world: World, wanted: DriftWanted): Promise<Done<DriftFound>> {
  const cluster = await clusterNamed(world, (await world.store.read()).state, wanted.cluster)
  const isAnswer = ANSWERS.some((name) => wanted[name].length > 0) || wanted.heed.length > 0
  const isResumed = isAnswer && !wanted.dryRun && (await endBegun(world, cluster))
  const {state: before} = await world.store.read()
  const inspection = await inspectCluster(world, before, cluster)
  // What was started or stopped while the hosts answered is told by the state of now.
  const {state} = await world.store.read()
  const ask = (current: State): DriftAsked => {
    return {before, state: current, clusterId: cluster.id, inspection, lens: driftLens(current, inspection.at)}
  }
  const found = findDrift(ask(state))
  const told = toldOf(ask(state), cluster, found)
  if (!isAnswer) return {dryRun: false, plan: {actions: [], notes: [], refusals: []}, value: told}
  const {answers, heeded} = answersNamed(told, Object.keys(state.ignoredDrift), wanted, isResumed)
  const settled = await settle(world, {
    about: cluster.id,
    because: `answer drift of cluster ${cluster.name}`,
    question: 'Answer the drift so?',
    decide: (current) => decide(ask(current), answers, heeded, world.why.by),
    dryRun: wanted.dryRun,
  })
  return done(settled, wanted.dryRun, () => ({
    ...told,
    drift: told.drift.filter(({id}) => !answers.has(id)),
    answered: found.flatMap((drift) => answeredBy(answers, drift)),
  }))
}

/** What these very words began and did not end is ended first: what they named may be no more, and the rest is answered as it is found then. */
async function endBegun(world: World, {id: about}: Cluster): Promise<boolean> {
  const {state} = await world.store.read()
  if (!leftIntents(world, state).some((intent) => isOfSameWords(world, intent, about))) return false
  const begun = await takeUp(world, {about, materials: undefined})
  const failure = begun && failureOf(begun.outcomes)
  if (failure) throw failure
  return begun !== undefined
}

/** 11 where only a look was asked for and drift was found that counts. */
export function driftExitCode(done: Done<DriftFound>): number {
  return !done.dryRun && done.value.answered === undefined && done.value.drift.length > 0 ? 11 : 0
}

function decide(asked: DriftAsked, answers: ReadonlyMap<string, AnswerName>, heeded: readonly string[], by: string) {
  const found = findDrift(asked)
  const answered = found.flatMap((drift) => answeredBy(answers, drift))
  // What is adopted or reverted is known to be no more.
  const ended = answered
    .filter(({answer, drift}) => answer !== 'ignore' && recordAt(asked.state.ignoredDrift, drift.id))
    .map(({drift}) => drift.id)
  const forgotten = [...new Set([...noLongerFound(asked, found), ...ended, ...heeded])]
  const gone = [...answers.keys()].filter((id) => !answered.some(({drift}) => drift.id === id))
  const plan = planAnswers(asked, answered, forgotten, by)
  return {...plan, notes: gone.map((id) => ({said: `drift ${id} is no more`}))}
}

function answeredBy(answers: ReadonlyMap<string, AnswerName>, drift: Drift): readonly Answered[] {
  const answer = answers.get(drift.id)
  return answer === undefined ? [] : [{drift, answer}]
}

function toldOf({clusterId, inspection, state}: DriftAsked, cluster: Cluster, found: readonly Drift[]): DriftFound {
  const known = (drift: Drift) => recordAt(state.ignoredDrift, drift.id)
  const silent = instancesOf(state, clusterId).flatMap(({id, name}) => {
    const host = inspection.hosts[id]
    return host && !host.answered ? [{instance: name, since: host.since, why: host.why}] : []
  })
  return {
    cluster,
    drift: found.filter((drift) => !known(drift)),
    ignored: found.flatMap((drift) => {
      const one = known(drift)
      return one ? [{drift, known: one}] : []
    }),
    silent,
  }
}
