// What a command costs before it has done anything, beside a Node.js that does nothing.
import {StateFile} from '../../src/store/state-file.js'
import {aDefinition, anId, anInstance, aState, aTask} from '../support/build.js'
import {aStateFileWorld} from '../support/state-folder.js'
import {BenchHome} from './bench-home.js'
import type {TimeFigure} from './figure.js'
import {median, type Measured, ratioOf, takeTurns} from './pairs.js'

const ROUNDS = 25
const TASKS = 1000

const COMMANDS = [
  {name: 'berth --version', words: ['--version'], aim: 1.7},
  {name: 'berth --help', words: ['--help'], aim: 2},
  {name: `task list --cached, ${TASKS} tasks`, words: ['task', 'list', '--cached'], aim: 3},
] as const

/** `--version`, `--help` and a list of recorded tasks, beside `node -e 0`. */
export async function* measureStartUp(): AsyncGenerator<TimeFigure> {
  const home = new BenchHome()
  try {
    await recordTasks(home.stateFile)
    // Twice: the first run leaves the compiled code of the command, the second may leave that of what the first one loaded.
    for (const {words} of [...COMMANDS, ...COMMANDS]) await home.berth(...words)
    const node = {what: 'node -e 0', run: () => home.program(process.execPath, ['-e', '0'])}
    const ours = COMMANDS.map(({words}) => ({what: `berth ${words.join(' ')}`, run: () => home.berth(...words)}))
    const [bare, ...commands] = await takeTurns([node, ...ours], ROUNDS)
    if (!bare) return
    for (const [index, {aim, name}] of COMMANDS.entries()) {
      const measured = commands[index]
      if (measured) yield besideNode(name, measured, bare, aim)
    }
  } finally {
    await home.close()
  }
}

function besideNode(name: string, ours: Measured, bare: Measured, aim: number): TimeFigure {
  return {
    kind: 'time',
    name,
    ours: {what: ours.what, medianMs: median(ours.times)},
    peer: {what: bare.what, medianMs: median(bare.times)},
    ratio: ratioOf(ours, bare),
    aim,
    rounds: ROUNDS,
  }
}

/** A cluster of three instances with a thousand running tasks. */
async function recordTasks(file: string): Promise<void> {
  const instances = ['web1', 'web2', 'db1'].map((name) => anInstance({name}))
  const tasks = Array.from({length: TASKS}, (_, index) => {
    const id = anId(index + 1, 'b')
    const container = {name: 'web', containerName: `berth-web-1-web-${id.slice(0, 8)}`, image: 'web:1', lastStatus: 'RUNNING'} as const
    return aTask({id, containers: [container], instanceId: instances[index % instances.length]?.id ?? ''})
  })
  const store = new StateFile(aStateFileWorld(), file)
  const state = aState({instances, definitions: [aDefinition()], tasks})
  await store.update({by: 'bench', because: 'a thousand tasks', command: 'bench'}, () => ({state, result: undefined}))
  await store.close()
}
