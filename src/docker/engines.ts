// The engines of the hosts, each opened once a process.
import {EngineError} from '../errors.js'
import {type HostAddress, hostText} from '../model/host-address.js'
import type {Connections} from '../world/connections.js'
import type {Engine, Engines, OpenOptions} from '../world/engine.js'
import {createDialer} from './client.js'
import {DockerEngine} from './engine.js'
import {isOlder, type VersionJson} from './facts.js'
import {lostAtOnce, notAnEngine, tooOld} from './faults.js'
import {asObject} from './ndjson.js'
import {type Answer, Wire} from './wire.js'

/** Docker 20.10 (2020): the oldest that distributions still keep, the first with cgroup v2, and the oldest that Berth is tested on. */
const MIN_API_VERSION = '1.41'

export class DockerEngines implements Engines {
  private readonly opened = new Map<string, Engine>()

  /** `connect` finds the way to a host; `idleMs` is the silence after which one counts as gone. */
  constructor(
    private readonly connect: Connections['open'],
    private readonly idleMs?: number,
  ) {}

  /**
   * The engine, after it told its version. An engine that failed to open is tried anew by the next call. Throws `UnreachableError`:
   * what `connect` throws, `EngineNotRunning`, `EngineForbidden`, `EngineTooOld`, `HostSilent`, `NotAnEngine`, `TlsRefused`.
   */
  async open(address: HostAddress, options: OpenOptions, signal: AbortSignal): Promise<Engine> {
    const key = keyOf(address)
    const known = this.opened.get(key)
    if (known && !options.fresh) return known
    const engine = await this.openNew(address, options, signal)
    // Another call may have opened it meanwhile: the first one stays. Sharing the opening itself would let one caller's signal end the other's.
    const first = options.fresh ? engine : (this.opened.get(key) ?? engine)
    this.opened.set(key, first)
    return first
  }

  private async openNew(address: HostAddress, options: OpenOptions, signal: AbortSignal): Promise<Engine> {
    const endpoint = await this.connect(address, options, signal)
    const wire = new Wire(await createDialer(endpoint), address, this.idleMs)
    const version = await versionOf(wire, signal)
    if (isOlder(version.ApiVersion, MIN_API_VERSION)) throw tooOld(version.ApiVersion, MIN_API_VERSION, address)
    return new DockerEngine(wire, version)
  }
}

async function versionOf(wire: Wire, signal: AbortSignal): Promise<VersionJson & {readonly ApiVersion: string}> {
  const {status, json} = await firstAnswer(wire, signal)
  const {ApiVersion: apiVersion, ...rest} = asObject(json)
  if (typeof apiVersion !== 'string') throw notAnEngine(wire.host, new Error(`GET /version answered ${status} without an ApiVersion.`))
  return {...rest, ApiVersion: apiVersion}
}

async function firstAnswer(wire: Wire, signal: AbortSignal): Promise<Answer> {
  try {
    return await wire.ask({method: 'GET', path: '/version', deed: {kind: 'engine', what: 'tell its version'}, signal})
  } catch (error) {
    if (error instanceof EngineError) throw notAnEngine(wire.host, error)
    throw lostAtOnce(error, wire.host)
  }
}

/** The same host with other TLS files is another engine as far as trust goes. */
function keyOf(address: HostAddress): string {
  const tls = address.kind === 'tcp' ? address.tls : undefined
  return [hostText(address), tls?.caFile, tls?.certFile, tls?.keyFile].join('\n')
}
