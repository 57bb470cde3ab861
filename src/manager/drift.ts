// `cluster drift`: what differs between the state and the hosts of a cluster, and the answers to it.
import {InvalidInputError, NotFoundError} from '../errors.js'
import type {Cluster} from '../model/cluster.js'
import type {AnswerName, Drift} from '../model/drift.js'
import type {IgnoredDrift} from '../model/ignored-drift.js'
import {quoted} from '../model/names.js'
import {matchId} from '../model/reference.js'
import {instancesOf, recordAt, type State} from '../model/state.js'
import type {Timestamp} from '../model/time.js'
import {type Answered, planAnswers} from '../scheduling/answer-drift.js'
import {findDrift, noLongerFound} from '../scheduling/drift.js'
import type {DriftAsked} from '../scheduling/drift-asked.js'
import type {World} from '../world/world.js'
import {type Done, done} from './done.js'
import {driftLens} from './drift-lens.js'
import {inspectCluster} from './inspect.js'
import {clusterNamed} from './resolve.js'
import {settle} from './settle.js'

/** Ids of drift, or `all`, by the answer that they get. */
export interface DriftWanted {
  readonly cluster: string | undefined
  readonly adopt: readonly string[]
  readonly revert: readonly string[]
  readonly ignore: readonly string[]
  /** Ignored drift that counts again. */
  readonly heed: readonly string[]
  readonly dryRun: boolean
}

export interface DriftFound {
  readonly cluster: Cluster
  /** What counts; after answers, what got none. */
  readonly drift: readonly Drift[]
  readonly ignored: readonly {readonly drift: Drift; readonly known: IgnoredDrift}[]
  readonly silent: readonly {readonly instance: string; readonly since: Timestamp; readonly why: string}[]
  /** What was answered; `undefined` where only a look was asked for. */
  readonly answered?: readonly Answered[]
}

/** In this order `all` takes what is left. */
const ANSWERS = ['adopt', 'revert', 'ignore'] as const

/**
 * The drift of the cluster after a look at all its hosts, which changes nothing; with answers, what they came to. Throws `DriftNotFound`, `TwoAnswers`,
 * `NoSuchAnswer`, `NoInstanceFits`, and `DeclinedError` before something is stopped or removed.
 */
export async function clusterDrift(world: World, wanted: DriftWanted): Promise<Done<DriftFound>> {
  const {state: before} = await world.store.read()
  const cluster = await clusterNamed(world, before, wanted.cluster)
  const inspection = await inspectCluster(world, before, cluster)
  // What was started or stopped while the hosts answered is told by the state of now.
  const {state} = await world.store.read()
  const ask = (current: State): DriftAsked => {
    return {before, state: current, clusterId: cluster.id, inspection, lens: driftLens(current, inspection.at)}
  }
  const found = findDrift(ask(state))
  const told = toldOf(ask(state), cluster, found)
  const heeded = heededIds(state, told, wanted.heed)
  const answers = answersOf(told, wanted)
  if (answers.size + heeded.length === 0 && !ANSWERS.some((name) => wanted[name].length > 0))
    return {dryRun: false, plan: {actions: [], notes: [], refusals: []}, value: told}
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

/** What was named gets the answer that it was named for; `all` is what is left and has the answer. */
function answersOf(told: DriftFound, wanted: DriftWanted): ReadonlyMap<string, AnswerName> {
  const answers = new Map<string, AnswerName>()
  const everything = [...told.drift, ...told.ignored.map(({drift}) => drift)]
  for (const name of ANSWERS)
    for (const text of wanted[name].filter((one) => one !== 'all')) {
      const id = idOf(
        everything.map((one) => one.id),
        text,
      )
      if ((answers.get(id) ?? name) !== name)
        throw new InvalidInputError('TwoAnswers', `Drift ${id} is given two answers: give it one.`, {suggestions: ['berth cluster drift']})
      answers.set(id, name)
    }
  for (const name of ANSWERS)
    if (wanted[name].includes('all'))
      for (const drift of told.drift) if (!answers.has(drift.id) && (name === 'ignore' || drift[name].possible)) answers.set(drift.id, name)
  return answers
}

function heededIds({ignoredDrift}: State, told: DriftFound, texts: readonly string[]): readonly string[] {
  const own = Object.values(ignoredDrift).map(({id}) => id)
  return texts.flatMap((text) => (text === 'all' ? told.ignored.map(({known}) => known.id) : [idOf(own, text)]))
}

function idOf(ids: readonly string[], text: string): string {
  const id = matchId(ids, text)
  if (id !== undefined) return id
  throw new NotFoundError('DriftNotFound', `There is no drift ${quoted(text)}, or no longer.`, {suggestions: ['berth cluster drift --all']})
}
