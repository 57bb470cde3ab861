// What a container uses, and its processes. Sums as the docker command makes them (docker/cli, stats_helpers.go, read 2026-11-26).
import {timestamp} from '../model/time.js'
import type {ContainerUsage, ProcessList} from '../world/engine.js'
import type {Deed} from './faults.js'
import {asObject, type JsonObject, jsonLines} from './ndjson.js'
import {containerPath, type Wire} from './wire.js'

export async function* usage(
  wire: Wire,
  container: string,
  {once}: {readonly once: boolean},
  signal: AbortSignal,
): AsyncGenerator<ContainerUsage> {
  const path = containerPath(container, '/stats', wire.host)
  const deed: Deed = {kind: 'container', verb: 'tell what is used by', container}
  for await (const line of wire.stream({method: 'GET', path, query: {stream: !once}, deed, signal}, jsonLines)) {
    const reading = usageOf(line)
    // Docker would go on with readings of nothing until the container is removed.
    if (!reading) return
    yield reading
  }
}

export async function processes(wire: Wire, container: string, signal: AbortSignal): Promise<ProcessList> {
  const deed: Deed = {kind: 'container', verb: 'list the processes of', container}
  const {json} = await wire.ask({method: 'GET', path: containerPath(container, '/top', wire.host), deed, signal})
  const {Processes, Titles} = asObject(json) as {
    readonly Titles?: readonly string[]
    readonly Processes?: readonly (readonly string[])[] | null
  }
  return {titles: Titles ?? [], processes: Processes ?? []}
}

/** `undefined` for a reading of a container that does not run: Docker gives it the year 1. */
function usageOf(line: JsonObject): ContainerUsage | undefined {
  const read = String(line['read'] ?? '')
  if (read === '' || read.startsWith('0001-')) return undefined
  const memory = asObject(line['memory_stats'])
  const blocks = blockBytes(asObject(line['blkio_stats'])['io_service_bytes_recursive'])
  const networks = Object.values(asObject(line['networks'])).map(asObject)
  return {
    at: timestamp(Date.parse(read)),
    cpuPercent: cpuPercent(asObject(line['cpu_stats']), asObject(line['precpu_stats'])),
    memoryBytes: Math.max(0, number(memory['usage']) - cached(asObject(memory['stats']))),
    memoryLimitBytes: number(memory['limit']),
    networkReceivedBytes: sum(networks.map((one) => number(one['rx_bytes']))),
    networkSentBytes: sum(networks.map((one) => number(one['tx_bytes']))),
    blockReadBytes: blocks.read,
    blockWrittenBytes: blocks.write,
    processCount: number(asObject(line['pids_stats'])['current']),
  }
}

function cpuPercent(now: JsonObject, before: JsonObject): number {
  const used = number(asObject(now['cpu_usage'])['total_usage']) - number(asObject(before['cpu_usage'])['total_usage'])
  const passed = number(now['system_cpu_usage']) - number(before['system_cpu_usage'])
  const cores = number(now['online_cpus']) || (asObject(now['cpu_usage'])['percpu_usage'] as readonly unknown[] | undefined)?.length || 1
  return used > 0 && passed > 0 ? (used / passed) * cores * 100 : 0
}

/** File pages that can be dropped at any moment are not the container's: cgroup v1 and v2 call them differently. */
function cached(stats: JsonObject): number {
  return number(stats['total_inactive_file'] ?? stats['inactive_file'])
}

function blockBytes(entries: unknown): {readonly read: number; readonly write: number} {
  const all = Array.isArray(entries) ? entries.map(asObject) : []
  const of = (op: string) => sum(all.filter((one) => String(one['op']).toLowerCase() === op).map((one) => number(one['value'])))
  return {read: of('read'), write: of('write')}
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
