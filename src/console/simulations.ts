// A what-if as a person reads it, with a bar for each instance.
import type {Amount, Loss, ServiceLoss, SimulatedInstance, Simulation} from '../model/simulation.js'
import {refusalText} from '../placement/refusal-text.js'
import {fields, table} from './table.js'
import type {View} from './view.js'

const BAR_LENGTH = 20
/** More instances are told in sums alone. */
const MOST_BARS = 60

/** Ids: the instances that got a new task. */
export function simulationView(simulation: Simulation): View {
  const {instances, losses, placedCount, refused, refusedCount, usage} = simulation
  const sums = fields([
    ['Tasks placed', refusedCount === 0 ? String(placedCount) : `${placedCount}, ${refusedCount} find no place`],
    ['Instances used', `${usage.usedInstanceCount} of ${usage.instanceCount}`],
    ['CPU units', amountText(usage.cpuUnits)],
    ['Memory (MiB)', amountText(usage.memoryMiB)],
    ['Stranded', `${usage.strandedCpuUnits} CPU units, ${usage.strandedMemoryMiB} MiB`],
    ['Fragmentation', usage.fragmentation.toFixed(2)],
    ['Balance', balanceText(simulation)],
  ])
  const bars = instances.length <= MOST_BARS ? [table(['INSTANCE', 'NEW', 'CPU', '', 'MEMORY', ''], instances.map(barsOf))] : []
  const homeless = refused.map(({count, named, reasons}) => {
    const told = instances.length <= MOST_BARS ? refusalText({index: 0, reasons}) : ''
    return withReasons(`no place for ${count} of ${named}`, told, '  ')
  })
  const lost = losses.map((loss) => lossText(loss, instances.length <= MOST_BARS))
  const ids = instances.filter(({newTaskCount}) => newTaskCount > 0).map(({name}) => name)
  return {ids, text: [...bars, sums, ...homeless, ...(lost.length > 0 ? [lost.join('\n')] : [])].join('\n\n')}
}

function lossText({daemonTaskCount, homeless, instance, movedCount, services}: Loss, isTold: boolean): string {
  const left = Object.entries(homeless).map(([named, count]) => `${count} of ${named}`)
  return [
    `without ${instance}: ${movedCount} move${left.length === 0 ? '' : `, and ${left.join(', ')} find no place`}`,
    ...services.map((one) => serviceText(one, isTold)),
    ...(daemonTaskCount === 0 ? [] : [`  ${daemonTaskCount} of daemons end${daemonTaskCount === 1 ? 's' : ''} with it`]),
  ].join('\n')
}

function serviceText({desiredCount, homelessCount, reasons, runningCount, service}: ServiceLoss, isTold: boolean): string {
  const runs = `  service ${service}: ${runningCount} of ${desiredCount} would run`
  if (homelessCount === 0) return runs
  return withReasons(
    `${runs}, ${homelessCount} find${homelessCount === 1 ? 's' : ''} no place`,
    isTold ? refusalText({index: 0, reasons}) : '',
    '    ',
  )
}

function withReasons(line: string, reasons: string, indent: string): string {
  return reasons === '' ? line : `${line}:\n${reasons.replace(/^/gm, indent)}`
}

function barsOf({cpuUnits, memoryMiB, name, newTaskCount}: SimulatedInstance): readonly string[] {
  return [name, String(newTaskCount), bar(cpuUnits), percent(cpuUnits), bar(memoryMiB), percent(memoryMiB)]
}

function bar({registered, used}: Amount): string {
  const full = registered === 0 ? 0 : Math.min(BAR_LENGTH, Math.max(0, Math.round((used / registered) * BAR_LENGTH)))
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_LENGTH - full)}]`
}

function percent({registered, used}: Amount): string {
  return registered === 0 ? '-' : `${Math.round((used / registered) * 100)}%`
}

function amountText(amount: Amount): string {
  return `${amount.used} of ${amount.registered} (${percent(amount)})`
}

function balanceText({balance, placedCount, refusedCount}: Simulation): string | undefined {
  if (!balance || placedCount + refusedCount === 0) return undefined
  const counts = Object.values(balance.tasksByValue)
  const told = Object.entries(balance.tasksByValue).map(([value, count]) => `${value} ${count}`)
  return `${balance.attribute}: ${told.join(', ')} (apart by ${Math.max(...counts) - Math.min(...counts)})`
}
