// Following thirty containers on three hosts in one process, beside thirty `docker logs -f`: how long until each line is here when all print at once.
import {type ChildProcess, spawn} from 'node:child_process'
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {TaskDefinitionDocument} from '../../src/model/task-definition.js'
import {docker} from '../support/hosts/engine.js'
import {BASE_IMAGE} from '../support/hosts/images.js'
import {waitUntil} from '../support/hosts/programs.js'
import {resetHosts} from '../support/hosts/stop.js'
import type {TestHosts} from '../support/hosts/test-hosts.js'
import {BenchHome} from './bench-home.js'
import type {TimeFigure} from './figure.js'
import {compared} from './pairs.js'
import {removeAll} from './raw-engine.js'

const CONTAINERS_A_TASK = 10
const LINES_A_CONTAINER = 20_000
const ROUNDS = 5
/** Whoever follows has begun by then. */
const SETTLE_MS = 2000

/** On the ssh hosts, one task on each. */
export async function* measureFollowing(hosts: TestHosts): AsyncGenerator<TimeFigure> {
  const home = new BenchHome(hosts.environment)
  try {
    const gate = new Gate(join(home.folder, 'gate'))
    const file = join(home.folder, 'burst.json')
    writeFileSync(file, JSON.stringify(burst(gate.folder)))
    await home.berth('cluster', 'create', 'bench')
    for (const {url} of hosts.ssh) await home.berth('instance', 'join', url)
    await home.berth('task-definition', 'register', file)
    const words = ['task', 'run', 'burst', '--count', String(hosts.ssh.length), '--placement-constraint', 'distinctInstance']
    const count = hosts.ssh.length * CONTAINERS_A_TASK
    const running = () => waitUntil('all containers to run', async () => (await containersOf(hosts)).length === count)
    const attached = async () => {
      const program = home.begun(...words)
      await running()
      return [program]
    }
    const followed = async () => {
      await home.berth(...words, '--detach')
      return (await containersOf(hosts)).map(({id, socketPath}) => spawn('docker', ['-H', `unix://${socketPath}`, 'logs', '-f', id]))
    }
    const round = (follow: () => Promise<readonly ChildProcess[]>) => async () => {
      gate.close()
      const programs = await follow()
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
      try {
        return await untilAllHaveCome(programs, count * LINES_A_CONTAINER, gate)
      } finally {
        await Promise.all(programs.map(ended))
        await removeAll(hosts.ssh)
      }
    }
    const ours = {what: `berth ${words.join(' ')}`, run: round(attached)}
    const theirs = {what: `${count} docker logs -f over the hosts' own sockets, no ssh`, run: round(followed)}
    yield await compared(`${count} containers followed, ${count * LINES_A_CONTAINER} lines`, ours, theirs, ROUNDS)
  } finally {
    await home.close()
    await resetHosts(hosts)
  }
}

/** Containers that wait at the gate, and then print all they have. */
function burst(gate: string): TaskDefinitionDocument {
  const script = `until test -e /gate/open; do sleep 0.1; done; yes 'a line of a log, about as long as most of them are' | head -n ${LINES_A_CONTAINER}`
  return {
    family: 'burst',
    volumes: [{name: 'gate', host: {sourcePath: gate}}],
    containerDefinitions: Array.from({length: CONTAINERS_A_TASK}, (_, place) => ({
      name: `c${place}`,
      image: BASE_IMAGE,
      memory: 8,
      essential: place === 0,
      command: ['sh', '-c', place === 0 ? `${script}; sleep 5` : script],
      mountPoints: [{sourceVolume: 'gate', containerPath: '/gate'}],
    })),
  }
}

/** A folder of this machine, whose file tells the containers of every host to begin. */
class Gate {
  constructor(readonly folder: string) {
    mkdirSync(folder)
  }

  open(): void {
    writeFileSync(join(this.folder, 'open'), '')
  }

  close(): void {
    rmSync(join(this.folder, 'open'), {force: true})
  }
}

async function containersOf(hosts: TestHosts): Promise<readonly {readonly id: string; readonly socketPath: string}[]> {
  const found = await Promise.all(
    hosts.ssh.map(async (host) => {
      const ids = (await docker(host, 'ps', '-q')).split('\n').filter((id) => id !== '')
      return ids.map((id) => ({id, socketPath: host.socketPath}))
    }),
  )
  return found.flat()
}

/** Milliseconds from the opening of the gate until so many lines have come out of the programs together. Throws where they end with fewer. */
async function untilAllHaveCome(programs: readonly ChildProcess[], lines: number, gate: Gate): Promise<number> {
  let came = 0
  const all = new Promise<void>((resolve, reject) => {
    let open = programs.length
    for (const {stdout} of programs) {
      stdout?.on('data', (bytes: Buffer) => {
        came += countOf(bytes)
        if (came >= lines) resolve()
      })
      stdout?.on('close', () => --open === 0 && reject(new Error(`${came} of ${lines} lines came.`)))
    }
  })
  const began = performance.now()
  gate.open()
  await all
  return performance.now() - began
}

function countOf(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1
  return count
}

async function ended(program: ChildProcess): Promise<void> {
  if (program.exitCode === null && program.signalCode === null) await new Promise((resolve) => program.once('close', resolve))
}
