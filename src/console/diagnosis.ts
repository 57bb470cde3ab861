// An examination as a person reads it.
import type {Finding} from '../model/diagnosis.js'
import {table, visible} from './table.js'
import type {View} from './view.js'

/** A row a finding, then what would mend those that are problems. Ids: the instances with a problem. */
export function diagnosisView(findings: readonly Finding[]): View {
  const rows = findings.map(({instance, said, severity, what}) => [instance ?? '-', what, severity, said])
  const problems = findings.filter(({severity}) => severity === 'problem')
  const mends = [...new Set(problems.flatMap(({mend}) => mend ?? []))].map((mend) => `  ${visible(mend)}`)
  const end = problems.length === 0 ? 'Nothing is wrong.' : `what would mend it:\n${mends.join('\n')}`
  const ids = [...new Set(problems.flatMap(({instance}) => instance ?? []))]
  return {ids, text: `${table(['INSTANCE', 'WHAT', 'IS', 'SAID'], rows)}\n\n${end}`}
}
