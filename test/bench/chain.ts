// One task of ten containers that start one after the other, beside the same ten by Docker's API alone: what the task engine costs.
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {TaskDefinitionDocument} from '../../src/model/task-definition.js'
import {BASE_IMAGE} from '../support/hosts/images.js'
import {resetHosts} from '../support/hosts/stop.js'
import type {TestHosts} from '../support/hosts/test-hosts.js'
import {BenchHome} from './bench-home.js'
import type {TimeFigure} from './figure.js'
import {compared, timed} from './pairs.js'
import {launchRaw, removeAll} from './raw-engine.js'

const LENGTH = 10
const ROUNDS = 7

/** Each container waits until the one before it has started. */
const CHAIN: TaskDefinitionDocument = {
  family: 'chain',
  containerDefinitions: Array.from({length: LENGTH}, (_, place) => ({
    name: `c${place}`,
    image: BASE_IMAGE,
    memory: 8,
    command: ['sleep', '3600'],
    ...(place === 0 ? {} : {dependsOn: [{containerName: `c${place - 1}`, condition: 'START' as const}]}),
  })),
}

/** On the local engine. */
export async function* measureChain(hosts: TestHosts): AsyncGenerator<TimeFigure> {
  const home = new BenchHome(hosts.environment)
  try {
    const file = join(home.folder, 'chain.json')
    writeFileSync(file, JSON.stringify(CHAIN))
    await home.berth('cluster', 'create', 'bench')
    await home.berth('instance', 'join', `unix://${hosts.local.socketPath}`)
    await home.berth('task-definition', 'register', file)
    const run = (deed: () => Promise<unknown>) => timed(deed).finally(() => removeAll([hosts.local]))
    const ours = {what: 'berth task run chain --detach', run: () => run(() => home.berth('task', 'run', 'chain', '--detach'))}
    const raw = {what: 'create and start over HTTP, one after the other', run: () => run(() => launchRaw([hosts.local], LENGTH, 1))}
    await ours.run()
    yield await compared(`a chain of ${LENGTH} containers`, ours, raw, ROUNDS)
  } finally {
    await home.close()
    await resetHosts(hosts)
  }
}
