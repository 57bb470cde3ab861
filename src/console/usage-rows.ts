// What tasks use, as a person reads it, in docker's columns.
import type {State} from '../model/state.js'
import type {Task, TaskContainer} from '../model/task.js'
import {table} from './table.js'
import type {View} from './view.js'

interface Usage {
  readonly cpuPercent: number
  readonly memoryBytes: number
  readonly memoryLimitBytes: number
  readonly networkReceivedBytes: number
  readonly networkSentBytes: number
  readonly blockReadBytes: number
  readonly blockWrittenBytes: number
  readonly processCount: number
}

interface UsageShown {
  readonly state: State
  readonly rows: readonly {readonly task: Task; readonly container: TaskContainer; readonly usage?: Usage; readonly failure?: string}[]
}

const HEADS = ['TASK', 'CONTAINER', 'INSTANCE', 'CPU %', 'MEMORY', 'LIMIT', 'MEM %', 'NET IN/OUT', 'BLOCK IN/OUT', 'PROCESSES']
const SHORT_ID_LENGTH = 12
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** One row a container; what could not be read has dashes, and why stands below. */
export function usageRowsView({rows, state}: UsageShown): View {
  const cells = rows.map(({container, task, usage}) => [
    task.id.slice(0, SHORT_ID_LENGTH),
    container.name,
    state.instances[task.instanceId]?.name ?? task.instanceId,
    ...(usage ? readingCells(usage) : ['-', '-', '-', '-', '-', '-', '-']),
  ])
  const failures = [...new Set(rows.flatMap(({failure}) => failure ?? []))]
  const text = rows.length === 0 ? 'No running tasks.' : [table(HEADS, cells), ...failures].join('\n')
  return {ids: [...new Set(rows.map(({task}) => task.id))], text}
}

/** Processes in the columns that the host's `ps` gives. */
export function processesView({
  list: {processes, titles},
  task,
}: {
  readonly task: Task
  readonly list: {readonly titles: readonly string[]; readonly processes: readonly (readonly string[])[]}
}): View {
  return {ids: [task.id], text: table(titles, processes)}
}

function readingCells(usage: Usage): readonly string[] {
  const {memoryBytes, memoryLimitBytes} = usage
  return [
    usage.cpuPercent.toFixed(1),
    sizeText(memoryBytes),
    memoryLimitBytes > 0 ? sizeText(memoryLimitBytes) : '-',
    memoryLimitBytes > 0 ? ((memoryBytes / memoryLimitBytes) * 100).toFixed(1) : '-',
    `${sizeText(usage.networkReceivedBytes)} / ${sizeText(usage.networkSentBytes)}`,
    `${sizeText(usage.blockReadBytes)} / ${sizeText(usage.blockWrittenBytes)}`,
    String(usage.processCount),
  ]
}

/** Powers of 1024, three digits or so. */
function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`
}
