// A plan as a person reads it.
import type {Explanation} from '../model/explanation.js'
import type {Plan} from '../model/plan.js'
import {renderPlan} from '../model/plan.js'
import {refusalText} from '../placement/refusal-text.js'
import {explanationView} from './explanations.js'
import {visible} from './table.js'
import type {View} from './view.js'

/** One line an action, then the notes, then for each refused task why no instance takes it, then how its placement is explained. Under `--quiet` a plan has no ids: nothing was made. */
export function planView(plan: Plan, explanation?: Explanation): View {
  const refusals = plan.refusals.map((refusal) => `no place for task ${refusal.index + 1}:\n${indented(refusalText(refusal))}`)
  const actions = plan.actions.length + plan.notes.length > 0 || refusals.length === 0 ? [renderPlan(plan)] : []
  const why = explanation ? ['', explanationView(explanation).text] : []
  return {ids: [], text: [...actions, ...refusals, ...why].join('\n').split('\n').map(visible).join('\n')}
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
}
