// Looking at ssh hosts: `task list` beside `docker -H ssh://HOST ps`, which logs in anew each time.
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {run} from '../support/hosts/programs.js'
import {logins} from '../support/hosts/sshd.js'
import {resetHosts} from '../support/hosts/stop.js'
import type {SshTestHost, TestHosts} from '../support/hosts/test-hosts.js'
import {BenchHome} from './bench-home.js'
import type {CountFigure, Figure, TimeFigure} from './figure.js'
import {beside, type Contender, type Measured, takeTurns, timed} from './pairs.js'
import {SAME_CONTAINER} from './raw-engine.js'

const ROUNDS = 11
const TASKS_A_HOST = 10

/** One host and three: warm, cold, and how many logins that took. */
export async function* measureListing(hosts: TestHosts): AsyncGenerator<Figure> {
  const home = new BenchHome(hosts.environment)
  try {
    const path = await sshOnPath(home, hosts)
    await home.berth('cluster', 'create', 'bench')
    const [first, ...others] = hosts.ssh
    if (!first) return
    await furnish(home, [first])
    yield* await measureHosts(home, [first], path)
    await furnish(home, others)
    yield* await measureHosts(home, hosts.ssh, path)
  } finally {
    await home.close()
    await resetHosts(hosts)
  }
}

/** The hosts join, and each comes to run its tasks. */
async function furnish(home: BenchHome, hosts: readonly SshTestHost[]): Promise<void> {
  for (const host of hosts) await home.berth('instance', 'join', host.url, '--name', host.name)
  await home.berth('task', 'run', '--count', String(TASKS_A_HOST * hosts.length), '--detach', ...SAME_CONTAINER)
}

async function measureHosts(home: BenchHome, hosts: readonly SshTestHost[], path: string): Promise<readonly Figure[]> {
  const where = hosts.length === 1 ? '1 ssh host' : `${hosts.length} ssh hosts`
  const list = () => home.berth('task', 'list')
  const docker = (host: SshTestHost) => home.program('docker', ['-H', host.url, 'ps'], {PATH: path})
  const warm = {what: 'berth task list, connections open', run: list}
  const cold = {what: 'berth task list, after berth connection close', run: () => home.berth('connection', 'close').then(list)}
  const inTurn = {what: `docker -H ssh://HOST ps, ${where} in turn`, run: () => timed(() => eachInTurn(hosts, docker))}
  const atOnce = {what: `docker -H ssh://HOST ps, ${where} at once`, run: () => timed(() => Promise.all(hosts.map(docker)))}
  const counted = await countLogins(where, hosts, cold, warm)
  const measured = await takeTurns(hosts.length === 1 ? [cold, warm, inTurn] : [cold, warm, inTurn, atOnce], ROUNDS)
  return [...timeFigures(where, measured), ...counted]
}

function timeFigures(where: string, [cold, warm, inTurn, atOnce]: readonly Measured[]): readonly TimeFigure[] {
  if (!cold || !warm || !inTurn) return []
  if (!atOnce) return [beside(`task list, ${where}, warm`, warm, inTurn, 0.5), beside(`task list, ${where}, cold`, cold, inTurn)]
  return [
    beside(`task list, ${where}, warm`, warm, inTurn, 0.25),
    beside(`task list, ${where}, warm, at once`, warm, atOnce, 0.45),
    beside(`task list, ${where}, cold`, cold, inTurn),
    beside(`task list, ${where}, cold, at once`, cold, atOnce),
  ]
}

/** As each host's own sshd counted them. */
async function countLogins(
  where: string,
  hosts: readonly SshTestHost[],
  cold: Contender,
  warm: Contender,
): Promise<readonly CountFigure[]> {
  const duringOf = async ({run: deed}: Contender) => {
    const before = loginsOf(hosts)
    await deed()
    return loginsOf(hosts) - before
  }
  const figure = (name: string, {what}: Contender, count: number, aim: number): CountFigure => ({
    kind: 'count',
    name,
    what,
    count,
    aim: `= ${aim}`,
  })
  return [
    figure(`logins, ${where}, cold`, cold, await duringOf(cold), hosts.length),
    figure(`logins, ${where}, warm`, warm, await duringOf(warm), 0),
  ]
}

function loginsOf(hosts: readonly SshTestHost[]): number {
  return hosts.reduce((sum, host) => sum + logins(host), 0)
}

async function eachInTurn<T>(things: readonly T[], deed: (thing: T) => Promise<unknown>): Promise<void> {
  for (const thing of things) await deed(thing)
}

/** A PATH on which `ssh` reads the test hosts' configuration: docker has no setting for it. */
async function sshOnPath(home: BenchHome, hosts: TestHosts): Promise<string> {
  const folder = join(home.folder, 'bin')
  const ssh = (await run('sh', ['-c', 'command -v ssh'])).trim()
  mkdirSync(folder)
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nexec ${ssh} -F ${hosts.sshConfigFile} "$@"\n`)
  chmodSync(join(folder, 'ssh'), 0o755)
  return `${folder}:${process.env['PATH'] ?? ''}`
}
