// What it costs that somebody looks after a service while nothing happens.
import {readdirSync, readFileSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'
import {dockerdPid} from '../support/hosts/engine.js'
import type {TestHosts} from '../support/hosts/test-hosts.js'
import type {ContainerWatch} from './container-watch.js'
import type {CountFigure} from './figure.js'
import type {Orchestrator} from './orchestrator.js'
import {withService} from './service-cases.js'

const TASKS = 30
const SETTLE_MS = 5000
const SECONDS = 60
/** Of `utime` and `stime`: Linux has told programs so for as long as there is x86-64. */
const MS_A_TICK = 10

/** Of the controller and its ssh connections, and of the engines meanwhile; for each orchestrator once. */
export async function* measureIdling(
  hosts: TestHosts,
  orchestrators: readonly Orchestrator[],
  watch: ContainerWatch,
  signal: AbortSignal,
): AsyncGenerator<CountFigure> {
  const engines = hosts.ssh.flatMap((host) => dockerdPid(host) ?? [])
  for (const one of orchestrators) {
    const idled = withService(TASKS, (by) =>
      by.kept(async ({connections, pid}) => {
        await sleep(SETTLE_MS, undefined, {signal})
        const controller = pid === undefined ? [] : [figures('controller', [pid])]
        const ssh = connections === undefined ? [] : [figures('its ssh', sshWith(connections))]
        const begun = [...controller, ...ssh, figures(`${engines.length} engines`, engines)]
        await sleep(SECONDS * 1000, undefined, {signal})
        return begun.flatMap((end) => end(one.name))
      }),
    )
    yield* await idled(one, watch)
  }
}

/** Begins to measure; what it returns ends that. */
function figures(what: string, pids: readonly number[]): (name: string) => readonly CountFigure[] {
  const before = pids.map(cpuMs)
  return (name) => {
    const spent = pids.reduce((sum, pid, index) => sum + cpuMs(pid) - (before[index] ?? 0), 0)
    const kib = pids.reduce((sum, pid) => sum + residentKiB(pid), 0)
    const title = `${name}, ${TASKS} tasks, idle: ${what}`
    return [
      {kind: 'count', name: `${title}, CPU ms in ${SECONDS} s`, what: 'utime and stime', count: spent, aim: ''},
      {kind: 'count', name: `${title}, MiB`, what: 'VmRSS', count: Math.round(kib / 1024), aim: ''},
    ]
  }
}

/** Every ssh with a socket in this folder. */
function sshWith(folder: string): readonly number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  return pids.filter((pid) => {
    const [program, ...words] = readOf(pid, 'cmdline').split('\0')
    return program?.endsWith('ssh') && words.some((word) => word.startsWith(folder))
  })
}

function cpuMs(pid: number): number {
  const stat = statOf(pid)
  return (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)) * MS_A_TICK
}

/** The fields after the name of the program, which may have blanks in it; none when the process is gone. */
function statOf(pid: number): readonly string[] {
  const text = readOf(pid, 'stat')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function residentKiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readOf(pid, 'status'))?.[1] ?? 0)
}

function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    // It has ended.
    return ''
  }
}
