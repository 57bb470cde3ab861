// Which drift a person means by the ids that they typed, and which answer each gets.
import {InvalidInputError, NotFoundError} from '../errors.js'
import type {AnswerName, Drift} from '../model/drift.js'
import {quoted} from '../model/names.js'
import {matchId} from '../model/reference.js'

/** In this order `all` takes what is left. */
export const ANSWERS = ['adopt', 'revert', 'ignore'] as const

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

interface Told {
  /** What counts. */
  readonly drift: readonly Drift[]
  readonly ignored: readonly {readonly drift: Drift}[]
}

/**
 * What was named gets the answer that it was named for; `all` is what counts, has no other answer, and has this one. `ignored`: every id that is ignored.
 * Throws `TwoAnswers`, and `DriftNotFound` for what is not there unless `isLenient`.
 */
export function answersNamed(
  told: Told,
  ignored: readonly string[],
  wanted: DriftWanted,
  isLenient: boolean,
): {readonly answers: ReadonlyMap<string, AnswerName>; readonly heeded: readonly string[]} {
  const there = [...told.drift.map(({id}) => id), ...told.ignored.map(({drift}) => drift.id)]
  const answers = new Map<string, AnswerName>()
  for (const name of ANSWERS) for (const id of idsOf(there, wanted[name], isLenient)) answers.set(id, onlyAnswer(id, answers.get(id), name))
  for (const name of ANSWERS.filter((one) => wanted[one].includes('all')))
    for (const drift of told.drift) if (!answers.has(drift.id) && (name === 'ignore' || drift[name].possible)) answers.set(drift.id, name)
  const all = wanted.heed.includes('all') ? told.ignored.map(({drift}) => drift.id) : []
  return {answers, heeded: [...all, ...idsOf(ignored, wanted.heed, isLenient)]}
}

function onlyAnswer(id: string, given: AnswerName | undefined, name: AnswerName): AnswerName {
  if (given === undefined || given === name) return name
  throw new InvalidInputError('TwoAnswers', `Drift ${id} is given two answers: give it one.`, {suggestions: ['berth cluster drift']})
}

function idsOf(ids: readonly string[], texts: readonly string[], isLenient: boolean): readonly string[] {
  return texts.flatMap((text) => {
    const id = text === 'all' ? undefined : matchId(ids, text)
    if (id !== undefined) return [id]
    if (text === 'all' || isLenient) return []
    throw new NotFoundError('DriftNotFound', `There is no drift ${quoted(text)}, or no longer.`, {
      suggestions: ['berth cluster drift --all'],
    })
  })
}
