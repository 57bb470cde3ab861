// A placement explained, as a person reads it: a row an instance, a column a check.
import type {Change, DaemonReach, Explanation, InstanceExplanation, NextReplica} from '../model/explanation.js'
import type {Check} from '../model/placement.js'
import type {PlacementRecord, ToldPlacement} from '../model/placement-record.js'
import type {TaskId} from '../model/task.js'
import type {Instant} from '../model/time.js'
import {ago} from './age.js'
import {fields, table} from './table.js'
import type {View} from './view.js'

/** What stands above the table of an old placement. */
const AS_THEN = 'as the state had it then, but for what containers of others held:'

/** What is known of a placement, with the whole of it where it can still be told. */
interface Kept {
  readonly placement: ToldPlacement
  readonly taskId?: TaskId
  readonly explanation?: Explanation
}

interface Now {
  readonly explanation: Explanation
  readonly placement?: undefined
  readonly replica?: NextReplica
  readonly daemon?: DaemonReach
}

/** An explanation of now, or what is known of one. */
export function explainedView(explained: Now | Kept): View {
  if (explained.placement) return placementView(explained)
  const {daemon, explanation, replica} = explained
  if (daemon) return daemonView(daemon, explanation)
  const {ids, text} = explanationView(explanation)
  return {ids, text: replica ? `${replicaFields(replica)}\n\n${text}` : text}
}

/** Ids: the instances that have it. */
function daemonView({daemon, definitionId, desiredCount, lastEvent, presentOn, said}: DaemonReach, explanation: Explanation): View {
  const {changes, instances} = explanation
  const parts = [
    fields([
      ['Daemon', daemon],
      ['Definition', definitionId],
      ['Belongs on', `${desiredCount} instances`],
      ['Is on', presentOn.join(', ') || 'none'],
      ['Standing', said],
      ['Told last', lastEvent],
    ]),
    ...(instances.length > 0 ? [`the instances that have none:\n${checkTable(explanation)}`] : []),
    ...(changes.length > 0 ? [`what would change it:\n${changes.map(changeLine).join('\n')}`] : []),
  ]
  return {ids: presentOn, text: parts.join('\n\n')}
}

function replicaFields({definitionId, desiredCount, lastEvent, presentCount, said, service, slot}: NextReplica): string {
  return fields([
    ['Service', service],
    ['Definition', definitionId],
    ['Tasks', `${presentCount} of ${desiredCount}`],
    ['Next', `${service}/${slot}`],
    ['Standing', said],
    ['Told last', lastEvent],
  ])
}

/** Ids: the instance of the task, or those of all tasks of the run. */
function placementView({explanation, placement, taskId}: Kept): View {
  const {changes = [], ranked = [], strategies = [], tasks} = placement
  const rows = ranked.map(({counted, instance: name}, index) => [String(index + 1), name, ...counted])
  const parts = [
    placementFields(placement, taskId, explanation?.chosen?.instance),
    ...(explanation
      ? [`${AS_THEN}\n${checkTable(explanation)}`]
      : rows.length > 0
        ? [table(['RANK', 'INSTANCE', ...strategies], rows)]
        : []),
    ...(changes.length > 0 ? [`what would have changed the refusal:\n${changes.map(changeLine).join('\n')}`] : []),
  ]
  const meant = tasks.filter(({id}) => id === taskId)
  return {ids: (meant.length > 0 ? meant : tasks).map(({instance}) => instance), text: parts.join('\n\n')}
}

function placementFields(placement: ToldPlacement, taskId: TaskId | undefined, chosen: string | undefined): string {
  const {at, by, constraints, definitionId, fittingCount, group, refusedCount, runId, strategies, tasks, unfit} = placement
  const number = tasks.findIndex(({id}) => id === taskId)
  const isRun = by === 'run'
  const whole = isRun ? 'its run' : 'those started at once'
  return fields([
    ['Task', taskId],
    ['Instance', tasks[number]?.instance],
    ['Run', isRun ? runId : undefined],
    ['For', isRun ? undefined : by],
    ['Placed', number >= 0 ? `${at}, as ${number + 1} of ${tasks.length} of ${whole}` : `${tasks.length}, ${at}`],
    ['Refused', refusedCount > 0 || (isRun && number < 0) ? String(refusedCount) : undefined],
    ['Definition', definitionId],
    ['Group', group],
    ['Constraints', constraints && (constraints.map((one) => (one.type === 'memberOf' ? one.expression : one.type)).join('; ') || 'none')],
    ['Strategies', strategies && (strategies.join(', ') || 'none')],
    ['Fitted', fittingCount === undefined ? undefined : `${fittingCount} instances`],
    ['Did not fit', unfit && unfitText(unfit)],
    ['Decided', isRun ? decidedOfRun(placement) : decidedOfStart(placement, tasks[Math.max(0, number)]?.instance, chosen)],
    ['History', fittingCount === undefined ? 'the state of then is not kept any more: why they went there cannot be told' : undefined],
  ])
}

function decidedOfRun({because, ranked = []}: ToldPlacement): string | undefined {
  return because && `for the first of the run, ${ranked[0]?.instance}: ${because}`
}

/** The table knows the state alone: what else was seen then may have decided otherwise. */
function decidedOfStart({because}: ToldPlacement, instance: string | undefined, chosen: string | undefined): string | undefined {
  if (chosen === undefined || because === undefined) return undefined
  if (chosen === instance) return `${instance}: ${because}`
  return `${instance}, though by the state alone it would be ${chosen}: containers of others, a silent host or a secret that is not to be had there is not in it`
}

/** Ids: those of the runs; of services and daemons those of the first of their tasks. */
export function placementsView(placements: readonly ToldPlacement[], now: Instant): View {
  const rows = placements.map(({at, because, by, changes = [], definitionId, group, refusedCount, runId, tasks}) => [
    runId.slice(0, 12),
    ago(at, now),
    definitionId,
    group,
    String(tasks.length),
    String(refusedCount),
    by,
    [...(because === undefined ? [] : [because]), ...changes.slice(0, 1).map(({text}) => `refused; ${text}`)].join('; ') || '-',
  ])
  const ids = placements.map(({runId}) => runId)
  if (rows.length === 0) return {ids, text: 'Nothing has been placed yet. See where a task would go: berth placement explain FAMILY'}
  return {ids, text: table(['RUN', 'PLACED', 'DEFINITION', 'GROUP', 'TASKS', 'REFUSED', 'FOR', 'DECIDED'], rows)}
}

function unfitText(unfit: PlacementRecord['unfit']): string {
  const counts = Object.entries(unfit).map(([code, count]) => `${count}: ${code}`)
  return counts.join('; ') || 'none'
}

function changeLine({instances, text}: Change): string {
  return `  ${text}: ${instances.join(', ')}`
}

/** What is not met has a `!` before what is there. Ids: the instances that fit, the best first. */
export function explanationView(explanation: Explanation): View {
  const {changes, chosen, instances} = explanation
  const fits = instances.filter(({fits}) => fits).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
  const ids = fits.map(({instance}) => instance)
  if (instances.length === 0) return {ids, text: 'No instances. Join one: berth instance join HOST'}
  const end = chosen
    ? [`${chosen.instance} is chosen: ${chosen.because}`]
    : ['no instance fits; what would change it:', ...changes.map(changeLine)]
  return {ids, text: [checkTable(explanation), '', ...end].join('\n')}
}

function checkTable({instances, strategies}: Explanation): string {
  const columns = columnsOf(instances)
  const ranked = instances.some(({rank}) => rank !== undefined)
  const heads = ['INSTANCE', ...(ranked ? ['RANK'] : []), ...columns.map(({head}) => head), ...(ranked ? strategies : [])]
  const rows = [...instances]
    .sort(byRank)
    .map((one) => [
      one.instance,
      ...(ranked ? [String(one.rank ?? '-')] : []),
      ...columns.map(({cell}) => cell(one)),
      ...(ranked ? strategies.map((_, at) => one.keys?.[at]?.said ?? '-') : []),
    ])
  return table(heads, rows)
}

/** Those that fit by their rank, then the others by name. */
function byRank(a: InstanceExplanation, b: InstanceExplanation): number {
  return (a.rank ?? Number.POSITIVE_INFINITY) - (b.rank ?? Number.POSITIVE_INFINITY) || 0
}

interface Column {
  readonly head: string
  cell(instance: InstanceExplanation): string
}

/** One for each check; of an expression of several clauses one for each of them. What nobody asks for (no CPU, no GPU) is left out where it is met. */
function columnsOf(instances: readonly InstanceExplanation[]): readonly Column[] {
  const checks = instances[0]?.checks ?? []
  return checks.flatMap((check, at): readonly Column[] => {
    const met = instances.every(({checks: all}) => all[at]?.isMet)
    if (met && /^(?:0 |an engine|ACTIVE)/.test(check.need)) return []
    const {clauses = []} = check
    if (clauses.length > 1) return clauses.map(({text}, clause) => ({head: text, cell: ({checks: all}) => clauseCell(all[at], clause)}))
    return [{head: `${check.what} (${check.need})`, cell: ({checks: all}) => checkCell(all[at])}]
  })
}

function checkCell(check: Check | undefined): string {
  return check ? marked(check.isMet, check.have) : '-'
}

function clauseCell(check: Check | undefined, clause: number): string {
  const asked = check?.clauses?.[clause]
  return asked ? marked(asked.holds, asked.have) : '-'
}

function marked(isMet: boolean, have: string): string {
  return isMet ? have : `! ${have}`
}
