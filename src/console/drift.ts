// Drift as a person reads it, and as JSON.
import type {AnswerName, Answer, Drift} from '../model/drift.js'
import type {IgnoredDrift} from '../model/ignored-drift.js'
import {table, visible} from './table.js'
import type {View} from './view.js'

interface DriftShown {
  readonly drift: readonly Drift[]
  readonly ignored: readonly {readonly drift: Drift; readonly known: IgnoredDrift}[]
  readonly silent: readonly {readonly instance: string; readonly since: string; readonly why: string}[]
  readonly answered?: readonly {readonly drift: Drift; readonly answer: AnswerName}[]
}

/** A row a drift, then what each answer would bring; `all`: those that are ignored too. After answers, what they came to. Ids: those of the drift. */
export function driftView(all: boolean): (shown: DriftShown) => View {
  return (shown) => (shown.answered === undefined ? foundView(shown, all) : answeredView(shown, shown.answered))
}

/** As `driftView` tells it, without what the answers would write. */
export function driftJson(all: boolean): (shown: DriftShown) => object {
  return ({answered, drift, ignored, silent}) => ({
    drift: [
      ...drift.map((one) => oneJson(one)),
      ...(all ? ignored.map(({drift: one, known}) => ({...oneJson(one), ignored: {by: known.by, at: known.at}})) : []),
    ],
    ignoredCount: ignored.length,
    silent,
    ...(answered ? {answered: answered.map(({answer, drift: one}) => ({id: one.id, answer}))} : {}),
  })
}

function oneJson({adopt, found, id, instance, kind, revert, subject, wanted}: Drift): object {
  return {id, kind, instance: instance.name, subject, wanted, found, adopt: answerJson(adopt), revert: answerJson(revert)}
}

function answerJson(answer: Answer): object {
  const {possible, said} = answer
  return {possible, said, ...(answer.possible || answer.mend === undefined ? {} : {mend: answer.mend})}
}

function foundView({drift, ignored, silent}: DriftShown, all: boolean): View {
  const rows = [...drift.map((one) => rowOf(one, '')), ...(all ? ignored.map(({drift: one, known}) => rowOf(one, `by ${known.by}`)) : [])]
  const heads = ['ID', 'KIND', 'INSTANCE', 'WHAT', 'WANTED', 'FOUND', ...(all ? ['IGNORED'] : [])]
  const answers = drift.flatMap((one) => answerLines(one))
  const counted = drift.length === 0 ? 'No drift.' : `${drift.length === 1 ? '1 drift' : `${drift.length} drifts`}:`
  const end = [
    ...(ignored.length === 0 || all ? [] : [`${ignored.length} ignored: berth cluster drift --all`]),
    ...silent.map(({instance, since, why}) => visible(`${instance}: unknown since ${since}: ${why}`)),
  ]
  const parts = [
    counted,
    ...(rows.length === 0 ? [] : [table(heads, rows)]),
    ...(answers.length === 0 ? [] : ['', 'answers (--adopt, --revert or --ignore ID):', ...answers]),
    ...end,
  ]
  return {ids: drift.map(({id}) => id), text: parts.join('\n')}
}

function rowOf({found, id, instance, kind, subject, wanted}: Drift, ignored: string): readonly string[] {
  return [id, kind, instance.name, subject, wanted, found, ignored]
}

function answerLines({adopt, id, revert}: Drift): readonly string[] {
  const line = (name: string, answer: Answer) => `  ${name.padEnd(id.length)}  ${answer.possible ? '' : 'not possible: '}${answer.said}`
  const mends = [adopt, revert].flatMap((answer) =>
    !answer.possible && answer.mend !== undefined ? [`  ${'by hand'.padEnd(id.length)}  ${answer.mend}`] : [],
  )
  return [id, line('adopt', adopt), line('revert', revert), ...mends].map(visible)
}

function answeredView({drift}: DriftShown, answered: NonNullable<DriftShown['answered']>): View {
  const lines = answered.map(({answer, drift: {id, instance, kind, subject}}) =>
    visible(`${id} ${answer}: ${kind}, ${subject} on ${instance.name}`),
  )
  const left = drift.length === 0 ? [] : [`${drift.length} left: berth cluster drift`]
  return {ids: answered.map(({drift: one}) => one.id), text: [...(lines.length === 0 ? ['Nothing to answer.'] : lines), ...left].join('\n')}
}
