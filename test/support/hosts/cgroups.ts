// All that a run starts is in a cgroup of the run: so its end can name every process, even one whose parent was killed.
import {existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {waitUntil} from './programs.js'

const ROOT = '/sys/fs/cgroup'

/** The name, below each hierarchy, of all that this run starts. */
export function cgroupOfRun(runId: string): string {
  return `berth-hosts-${runId}`
}

/** Makes a cgroup for the daemons of one host; its `cgroup.procs` takes a process id. Containers go to `CGROUP/containers`. */
export function makeCgroup(cgroup: string): void {
  mkdirSync(dirname(processesFile(cgroup)), {recursive: true})
}

/** The file that takes the process id of a daemon of this host. */
export function processesFile(cgroup: string): string {
  // A hierarchy that every process may enter without a limit being set first: pids in version 1, the one there is in version 2.
  return join(existsSync(`${ROOT}/pids`) ? `${ROOT}/pids` : ROOT, cgroup, 'daemons', 'cgroup.procs')
}

/** The ids of all processes in this cgroup and below it, in any hierarchy, smallest first. */
export function processesIn(cgroup: string): readonly number[] {
  const pids = foldersOf(cgroup).flatMap((folder) => readLines(join(folder, 'cgroup.procs')).map(Number))
  return [...new Set(pids)].filter((pid) => pid > 0).sort((a, b) => a - b)
}

/** Ends all processes of this cgroup, frozen and stopped ones too, and removes it. Nothing happens when it is not there. */
export async function endCgroup(cgroup: string): Promise<void> {
  await waitUntil(`the processes of ${cgroup} to end`, () => {
    thaw(cgroup)
    const pids = processesIn(cgroup)
    for (const pid of pids) kill(pid)
    return pids.length === 0
  })
  // A cgroup stays busy for a moment after its last process.
  await waitUntil(`${cgroup} to be removed`, () => {
    for (const folder of foldersOf(cgroup)) removeFolder(folder)
    return foldersOf(cgroup).length === 0
  })
}

/** Every folder of this cgroup in every hierarchy, the deepest first. */
function foldersOf(cgroup: string): readonly string[] {
  const hierarchies = [
    ROOT,
    ...readdirSync(ROOT, {withFileTypes: true})
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(ROOT, entry.name)),
  ]
  return hierarchies.flatMap((hierarchy) => below(join(hierarchy, cgroup)))
}

function below(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  try {
    const inner = readdirSync(folder, {withFileTypes: true}).filter((entry) => entry.isDirectory())
    return [...inner.flatMap((entry) => below(join(folder, entry.name))), folder]
  } catch {
    // Docker removed it between the two looks.
    return []
  }
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
  } catch {
    // The cgroup went with its last process.
    return []
  }
}

/** A paused container takes no signal in version 1, so it is woken first. */
function thaw(cgroup: string): void {
  for (const folder of foldersOf(cgroup)) {
    const file = join(folder, 'freezer.state')
    if (existsSync(file) && readLines(file)[0] !== 'THAWED') write(file, 'THAWED')
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch {
    // The cgroup went in the meantime: nothing is frozen in it.
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

function removeFolder(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Still busy: the caller looks again.
  }
}
