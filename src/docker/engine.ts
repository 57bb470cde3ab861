// One Docker engine as Berth's `Engine`: each method one call of the Engine API (1.41 and later, read 2026-11-23), none retried.
import type {NameValue} from '../model/container-definition.js'
import type {ContainerUpdate} from '../model/container-update.js'
import type {EngineFacts} from '../model/instance.js'
import type {Instant} from '../model/time.js'
import type {ContainerSeen} from '../model/observation.js'
import type {ContainerSpec, ControllerSpec} from '../world/container-spec.js'
import type {
  ContainerListed,
  ContainerUsage,
  Engine,
  EngineEvent,
  ExecOptions,
  ExecSession,
  LogOptions,
  OutputChunk,
  ProcessList,
} from '../world/engine.js'
import {createController} from './controllers.js'
import {createBody} from './create-body.js'
import {startExec} from './exec.js'
import {engineFacts, isOlder} from './facts.js'
import type {Deed} from './faults.js'
import {FOLLOWS_TO_THE_END, madeWhole} from './followed-output.js'
import {updateBody} from './host-limits.js'
import {listed} from './listed.js'
import {DockerHoldings} from './holdings.js'
import {info} from './info.js'
import {asObject, jsonLines} from './ndjson.js'
import {engineEvent, eventQuery, logQuery, logReader} from './output.js'
import {type InspectedJson, containerSeen, environmentSeen} from './seen.js'
import {processes, usage} from './usage.js'
import {type Answer, type Call, containerPath} from './wire.js'

/** Milliseconds that an engine may take to make, start or remove one container while it does the same for many others. */
const LAUNCH_IDLE_MS = 120_000
/** Milliseconds beyond a container's own stop timeout until a stop counts as unanswered. */
const STOP_GRACE_MS = 30_000

type ContainerCall = Partial<Pick<Call, 'accept' | 'body' | 'idleMs' | 'method' | 'path' | 'query'>>

export class DockerEngine extends DockerHoldings implements Engine {
  async facts(signal: AbortSignal): Promise<EngineFacts> {
    return engineFacts(this.version, await info(this.wire, 'describe itself', signal))
  }

  async time(signal: AbortSignal): Promise<Instant> {
    // Docker tells it to the nanosecond, which is more than a date holds.
    return Date.parse((await info(this.wire, 'tell its time', signal)).SystemTime ?? '')
  }

  async dataRoot(signal: AbortSignal): Promise<string> {
    return (await info(this.wire, 'tell where its data lies', signal)).DockerRootDir ?? ''
  }

  async ping(signal: AbortSignal): Promise<void> {
    await this.wire.ask({method: 'GET', path: '/_ping', deed: {kind: 'engine', what: 'answer a ping'}, signal})
  }

  async create(spec: ContainerSpec, signal: AbortSignal): Promise<string> {
    const deed: Deed = {kind: 'create', name: spec.name, image: spec.image}
    const call = {path: '/containers/create', query: {name: spec.name}, body: createBody(spec), idleMs: LAUNCH_IDLE_MS} as const
    const {json} = await this.wire.ask({...call, method: 'POST', deed, signal})
    return String(asObject(json)['Id'])
  }

  createController(spec: ControllerSpec, signal: AbortSignal): Promise<void> {
    return createController(this.wire, spec, signal)
  }

  async start(container: string, signal: AbortSignal): Promise<void> {
    const path = containerPath(container, '/start', this.wire.host)
    await this.wire.ask({method: 'POST', path, accept: [304], idleMs: LAUNCH_IDLE_MS, deed: {kind: 'start', container}, signal})
  }

  async signal(container: string, name: string, signal: AbortSignal): Promise<void> {
    // 409: it does not run. 404: it is gone already.
    await this.askOf(container, 'signal', {path: '/kill', query: {signal: name}, accept: [404, 409]}, signal)
  }

  async stop(container: string, timeoutSeconds: number, signal: AbortSignal): Promise<void> {
    // 304: it had stopped. 404: it is gone.
    const call = {path: '/stop', query: {t: timeoutSeconds}, accept: [304, 404], idleMs: timeoutSeconds * 1000 + STOP_GRACE_MS}
    await this.askOf(container, 'stop', call, signal)
  }

  async update(container: string, update: ContainerUpdate, signal: AbortSignal): Promise<void> {
    await this.askOf(container, 'change the limits of', {path: '/update', body: updateBody(update)}, signal)
  }

  async remove(container: string, signal: AbortSignal): Promise<void> {
    // 404: it is gone. 409: another is removing it at this moment.
    const call = {method: 'DELETE', query: {force: true, v: true}, accept: [404, 409], idleMs: LAUNCH_IDLE_MS} as const
    await this.askOf(container, 'remove', call, signal)
  }

  async inspect(container: string, signal: AbortSignal): Promise<ContainerSeen | undefined> {
    const {status, json} = await this.askOf(container, 'describe', {method: 'GET', path: '/json', accept: [404]}, signal)
    return status === 404 ? undefined : containerSeen(json as InspectedJson)
  }

  async environment(container: string, signal: AbortSignal): Promise<readonly NameValue[]> {
    const {status, json} = await this.askOf(container, 'describe', {method: 'GET', path: '/json', accept: [404]}, signal)
    return status === 404 ? [] : environmentSeen(json as InspectedJson)
  }

  list(signal: AbortSignal): Promise<readonly ContainerListed[]> {
    return listed(this.wire, signal)
  }

  async wait(container: string, signal: AbortSignal): Promise<number> {
    const {json} = await this.askOf(container, 'wait for', {path: '/wait', idleMs: Number.POSITIVE_INFINITY}, signal)
    return Number(asObject(json)['StatusCode'])
  }

  async *logs(container: string, options: LogOptions, signal: AbortSignal): AsyncGenerator<readonly OutputChunk[]> {
    const {json} = await this.askOf(container, 'describe', {method: 'GET', path: '/json'}, signal)
    const {Id, Config} = json as InspectedJson
    const read = (wanted: LogOptions) => {
      const path = containerPath(Id, '/logs', this.wire.host)
      const deed: Deed = {kind: 'container', verb: 'show the output of', container}
      return this.wire.stream({method: 'GET', path, query: logQuery(wanted), deed, signal}, logReader(Config?.Tty ?? false))
    }
    // The last lines alone may be others by then: those are followed as they come.
    const mayBeCut = options.follow && options.tail === undefined && isOlder(this.version.ApiVersion ?? '', FOLLOWS_TO_THE_END)
    yield* mayBeCut
      ? madeWhole(read(options), (since) => read({...options, ...(since === undefined ? {} : {since}), follow: false}), options.since)
      : read(options)
  }

  exec(container: string, options: ExecOptions, signal: AbortSignal): Promise<ExecSession> {
    return startExec(this.wire, container, options, signal)
  }

  async resize(container: string, columns: number, rows: number, signal: AbortSignal): Promise<void> {
    // 409: it does not run. 404: it is gone. 500: it has no terminal, as 20.10 says it.
    await this.askOf(container, 'resize', {path: '/resize', query: {h: rows, w: columns}, accept: [404, 409, 500]}, signal)
  }

  usage(container: string, options: {readonly once: boolean}, signal: AbortSignal): AsyncIterable<ContainerUsage> {
    return usage(this.wire, container, options, signal)
  }

  processes(container: string, signal: AbortSignal): Promise<ProcessList> {
    return processes(this.wire, container, signal)
  }

  async *events(options: {readonly since?: string}, signal: AbortSignal): AsyncGenerator<EngineEvent> {
    const call: Call = {
      method: 'GET',
      path: '/events',
      query: eventQuery(options.since),
      deed: {kind: 'engine', what: 'tell its events'},
      signal,
    }
    for await (const line of this.wire.stream(call, jsonLines)) {
      const event = engineEvent(line)
      if (event) yield event
    }
  }

  /** A call on one container; `POST` unless it says otherwise. */
  private askOf(container: string, verb: string, {path = '', ...call}: ContainerCall, signal: AbortSignal): Promise<Answer> {
    return this.wire.ask({
      method: 'POST',
      ...call,
      path: containerPath(container, path, this.wire.host),
      deed: {kind: 'container', verb, container},
      signal,
    })
  }
}
