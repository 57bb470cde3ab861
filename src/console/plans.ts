// A plan as a person reads it.
import type {Plan} from '../model/plan.js'
import {renderPlan} from '../model/plan.js'
import {refusalText} from '../placement/refusal-text.js'
import {visible} from './table.js'
import type {View} from './view.js'

/** One line an action, then the notes, then for each refused task why no instance takes it. Under `--quiet` a plan has no ids: nothing was made. */
export function planView(plan: Plan): View {
  const refusals = plan.refusals.map((refusal) => `no place for task ${refusal.index + 1}:\n${indented(refusalText(refusal))}`)
  const actions = plan.actions.length + plan.notes.length > 0 || refusals.length === 0 ? [renderPlan(plan)] : []
  return {ids: [], text: [...actions, ...refusals].join('\n').split('\n').map(visible).join('\n')}
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
}
