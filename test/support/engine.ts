// A real engine for the tests of `src/docker`: the local one of the test hosts where they stand, else one of its own.
import type {TestHosts} from './hosts/test-hosts.js'
import {loadHosts} from './hosts/descriptor.js'
import {startHosts} from './hosts/start.js'
import {stopRun} from './hosts/stop.js'
import {DockerEngines} from '../../src/docker/engines.js'
import type {HostAddress} from '../../src/model/host-address.js'
import type {Engine} from '../../src/world/engine.js'

export interface TestEngine {
  readonly address: HostAddress
  readonly socketPath: string
  /** Opened as Berth opens it. */
  readonly engine: Engine
  /** Removes every container and record volume that the tests made; ends an engine of our own. */
  stop(): Promise<void>
}

/** Opens engines whose socket is on this machine, as for `local`. */
export function localEngines(idleMs?: number): DockerEngines {
  return new DockerEngines(async (address) => {
    if (address.kind === 'ssh') throw new Error('These tests open no ssh connection.')
    return address.kind === 'unix' ? {kind: 'socket', path: address.path} : address
  }, idleMs)
}

/** A real engine, ready for use. */
export async function startTestEngine(): Promise<TestEngine> {
  const {hosts, own} = await standingOrOwn()
  const {socketPath} = hosts.local
  const address: HostAddress = {kind: 'unix', path: socketPath}
  const engine = await localEngines().open(address, {}, AbortSignal.timeout(10_000))
  return {
    address,
    socketPath,
    engine,
    async stop() {
      await clear(engine)
      if (own) await stopRun(hosts)
    },
  }
}

async function standingOrOwn(): Promise<{readonly hosts: TestHosts; readonly own: boolean}> {
  let hosts: TestHosts | undefined
  try {
    hosts = loadHosts()
  } catch {
    // None stand: this test brings its own.
  }
  return hosts ? {hosts, own: false} : {hosts: await startHosts({names: []}), own: true}
}

async function clear(engine: Engine): Promise<void> {
  const signal = AbortSignal.timeout(60_000)
  for (const container of await engine.list(signal))
    if (container.name.startsWith(TEST_PREFIX)) await engine.remove(container.runtimeId, signal)
  for (const record of await engine.marks(signal)) if (record.cluster === TEST_CLUSTER) await engine.removeMark(record, signal)
}

/** All containers of these tests are named so, and belong to this cluster. */
export const TEST_PREFIX = 'berth-docker-test-'
export const TEST_CLUSTER = 'docker-test'
