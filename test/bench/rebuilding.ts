// What it takes to make a lost state anew from its hosts. The twenty engines are stand-ins that pass the same contract as Docker: what an engine and the way to it
// take is not in it.
import {createHash} from 'node:crypto'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {rebuildState} from '../../src/manager/rebuild.js'
import {runTasks} from '../../src/manager/run-tasks.js'
import {instant} from '../../src/model/time.js'
import {StateFile} from '../../src/store/state-file.js'
import {aWorld} from '../integration/manager/fake-world.js'
import {NOTHING_ASKED} from '../integration/manager/nothing-asked.js'
import {aDefinition, aDocument, anInstance, aState, LONG_AGO} from '../support/build.js'
import {aStateFileWorld} from '../support/state-folder.js'
import type {DurationFigure} from './figure.js'
import {median, timed} from './pairs.js'

const HOSTS = 20
const TASKS = 1000
const ROUNDS = 11

export async function* measureRebuilding(): AsyncGenerator<DurationFigure> {
  const instances = Array.from({length: HOSTS}, (_, number) => anInstance({name: `i${number}`, cpuUnits: 100_000, memoryMiB: 100_000}))
  const document = aDocument({image: 'busybox:test', command: ['sh', '-c', 'sleep 600']})
  const state = aState({instances, definitions: [aDefinition({document})]})
  const lived = {...aWorld({now: instant(LONG_AGO) + 1000, state}), ids: {next: ids()}}
  for (const {clusterId, id, address} of instances)
    await (await lived.engines.open(address, {}, lived.signal)).writeMark(
      {kind: 'instance', cluster: 'prod', clusterId, instanceId: id},
      lived.signal,
    )
  await (await runTasks(lived, {...NOTHING_ASKED, reference: 'web', count: TASKS, detach: true})).finish()
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'berth-bench-'))
    const store = new StateFile(aStateFileWorld(), join(folder, 'state.json'))
    const resolve = async () => Promise.reject(new Error('No host is resolved here.'))
    const lost = {...lived, store, hosts: {...lived.hosts, resolve}}
    // The addresses alone are known.
    await store.update({...lived.why, because: 'the addresses'}, (empty) => ({
      state: {...empty, instances: state.instances},
      result: undefined,
    }))
    times.push(await timed(() => rebuildState(lost, {hosts: [], tls: undefined, dryRun: false})))
    const {tasks} = (await store.read()).state
    if (Object.keys(tasks).length !== TASKS) throw new Error(`${Object.keys(tasks).length} of ${TASKS} tasks were made anew.`)
    await store.close()
    rmSync(folder, {force: true, recursive: true})
  }
  const sorted = times.toSorted((a, b) => a - b)
  yield {
    kind: 'duration',
    name: `state rebuild, ${TASKS} tasks on ${HOSTS} engines`,
    what: `${ROUNDS} times into a new file, engines that are stand-ins`,
    medianMs: median(times),
    p99Ms: sorted.at(-1) ?? 0,
    count: ROUNDS,
  }
}

/** Names of containers have the first half of an id. */
function ids(): () => string {
  let drawn = 0
  return () => {
    drawn += 1
    return createHash('md5').update(String(drawn)).digest('hex')
  }
}
