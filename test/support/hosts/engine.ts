// The engine of a test host: started, killed, frozen; and looked at beside Berth.
import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {request} from 'node:http'
import {join} from 'node:path'
import {spawnInside} from './holder.js'
import {run, waitUntil} from './programs.js'
import type {TestHost} from './test-hosts.js'

/** What `docker` on this host's engine prints: the facts that Berth's words are compared with. */
export function docker(host: TestHost, ...args: readonly string[]): Promise<string> {
  return run('docker', ['-H', `unix://${host.socketPath}`, ...args])
}

/** Starts dockerd in the host; comes back when it answers. */
export async function startEngine(host: TestHost): Promise<void> {
  // What a killed engine leaves behind keeps the next one from starting.
  for (const left of ['docker.pid', 'docker.sock', 'docker/containerd'])
    rmSync(join(host.folder, 'run', left), {force: true, recursive: true})
  const flags = [
    '--data-root',
    join(host.folder, 'data'),
    '--exec-root',
    '/run/docker',
    '-p',
    '/run/docker.pid',
    '-H',
    'unix:///run/docker.sock',
  ]
  const cgroups = ['--exec-opt', 'native.cgroupdriver=cgroupfs', '--cgroup-parent', `/${host.cgroup}/containers`]
  const pid = spawnInside(host, 'dockerd', ['dockerd', ...flags, ...cgroups, ...host.engineFlags])
  await waitUntil(
    `the engine of ${host.name} (${join(host.folder, 'dockerd.log')})`,
    async () => {
      if (!isAlive(pid))
        throw new Error(`The engine of ${host.name} ended:\n${readFileSync(join(host.folder, 'dockerd.log'), 'utf8').slice(-2000)}`)
      return answers(host.socketPath)
    },
    60_000,
  )
}

/** The process id of the host's dockerd, `undefined` when it does not run. */
export function dockerdPid(host: TestHost): number | undefined {
  const pidFile = join(host.folder, 'run', 'docker.pid')
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0
  return pid > 0 && isAlive(pid) ? pid : undefined
}

/** Ends dockerd: by SIGKILL its containers live on without an engine, by SIGTERM it stops them. Nothing happens when it does not run. */
export async function killEngine(host: TestHost, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
  const pid = dockerdPid(host)
  if (pid === undefined) return
  process.kill(pid, signal)
  await waitUntil(`the engine of ${host.name} to end`, () => !isAlive(pid))
}

/** The engine takes connections and never answers, until `thawEngine`. */
export function freezeEngine(host: TestHost): void {
  freeze(runningEngine(host))
}

/** The engine goes on where it was frozen. */
export function thawEngine(host: TestHost): void {
  process.kill(runningEngine(host), 'SIGCONT')
}

/** Does the engine behind this socket answer within two seconds? */
export function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({socketPath, path: '/_ping', timeout: 2000}, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(false))
    asked.end()
  })
}

/** Is there a process of this id that has not ended? (A child that nobody has waited for yet has ended.) */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    // No such process.
    return false
  }
}

/** After it no thread of the process does anything, until SIGCONT: the signal alone takes a while to reach them all on a busy machine. */
export function freeze(pid: number): void {
  process.kill(pid, 'SIGSTOP')
  const deadline = Date.now() + 10_000
  while (isAlive(pid) && !threadsOf(pid).every((stat) => /\) [tTZX] /.test(stat))) {
    if (Date.now() > deadline) throw new Error(`Process ${pid} was not stopped within 10 s.`)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
  }
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'))
  } catch {
    // A thread has ended between the two, or the process has: whoever asks looks again.
    return [`${pid} (gone) R `]
  }
}

function runningEngine(host: TestHost): number {
  const pid = dockerdPid(host)
  if (pid === undefined) throw new Error(`The engine of ${host.name} does not run.`)
  return pid
}
