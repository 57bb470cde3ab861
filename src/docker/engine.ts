// One Docker engine as Berth's `Engine`: each method one call of the Engine API (1.41 and later, read 2026-11-23), none retried.
import type {EngineFacts} from '../model/instance.js'
import type {ContainerSeen} from '../model/observation.js'
import type {HostRecord} from '../model/ownership.js'
import type {
  ContainerListed,
  ContainerSpec,
  Engine,
  EngineEvent,
  ExecOptions,
  ExecSession,
  ImageSeen,
  LogOptions,
  OutputChunk,
  PullProgress,
} from '../world/engine.js'
import {createBody} from './create-body.js'
import {startExec} from './exec.js'
import {type InfoJson, type VersionJson, engineFacts, isOlder} from './facts.js'
import {type Deed, notAnEngine} from './faults.js'
import {FOLLOWS_TO_THE_END, madeWhole} from './followed-output.js'
import {hostRecord, type Labels, recordFilter, recordLabels, recordVolume} from './labels.js'
import {asObject, type JsonObject, jsonLines, progressLines} from './ndjson.js'
import {engineEvent, eventQuery, logQuery, outputReader} from './output.js'
import {checkImage, pullReference} from './references.js'
import {type ImageJson, type InspectedJson, containerListed, containerSeen, imageSeen, isListed} from './seen.js'
import {type Answer, type Call, type Wire, containerPath} from './wire.js'

/** Milliseconds that an engine may take to make, start or remove one container while it does the same for many others. */
const LAUNCH_IDLE_MS = 120_000
/** Milliseconds beyond a container's own stop timeout until a stop counts as unanswered. */
const STOP_GRACE_MS = 30_000

type ContainerCall = Partial<Pick<Call, 'accept' | 'idleMs' | 'method' | 'path' | 'query'>>

export class DockerEngine implements Engine {
  constructor(
    private readonly wire: Wire,
    /** What the engine answered to `/version` when it was opened; it is not asked again. */
    private readonly version: VersionJson,
  ) {}

  async facts(signal: AbortSignal): Promise<EngineFacts> {
    const {json} = await this.wire.ask({method: 'GET', path: '/info', deed: {kind: 'engine', what: 'describe itself'}, signal})
    return engineFacts(this.version, asObject(json) as InfoJson)
  }

  async ping(signal: AbortSignal): Promise<void> {
    await this.wire.ask({method: 'GET', path: '/_ping', deed: {kind: 'engine', what: 'answer a ping'}, signal})
  }

  async image(reference: string, signal: AbortSignal): Promise<ImageSeen | undefined> {
    const path = `/images/${encodeURIComponent(checkImage(reference))}/json`
    const {status, json} = await this.wire.ask({
      method: 'GET',
      path,
      accept: [404],
      deed: {kind: 'engine', what: 'describe an image'},
      signal,
    })
    return status === 404 ? undefined : imageSeen(json as ImageJson)
  }

  async pull(reference: string, onProgress: (progress: PullProgress) => void, signal: AbortSignal): Promise<void> {
    const {repository, tagOrDigest} = pullReference(reference)
    const query = {fromImage: repository, tag: tagOrDigest}
    const call: Call = {method: 'POST', path: '/images/create', query, deed: {kind: 'pull', image: reference}, signal}
    for await (const line of this.wire.stream(call, progressLines)) onProgress(pullProgress(line))
  }

  async create(spec: ContainerSpec, signal: AbortSignal): Promise<string> {
    const deed: Deed = {kind: 'create', name: spec.name, image: spec.image}
    const call = {path: '/containers/create', query: {name: spec.name}, body: createBody(spec), idleMs: LAUNCH_IDLE_MS} as const
    const {json} = await this.wire.ask({...call, method: 'POST', deed, signal})
    return String(asObject(json)['Id'])
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

  async remove(container: string, signal: AbortSignal): Promise<void> {
    // 404: it is gone. 409: another is removing it at this moment.
    const call = {method: 'DELETE', query: {force: true, v: true}, accept: [404, 409], idleMs: LAUNCH_IDLE_MS} as const
    await this.askOf(container, 'remove', call, signal)
  }

  async inspect(container: string, signal: AbortSignal): Promise<ContainerSeen | undefined> {
    const {status, json} = await this.askOf(container, 'describe', {method: 'GET', path: '/json', accept: [404]}, signal)
    return status === 404 ? undefined : containerSeen(json as InspectedJson)
  }

  async list(signal: AbortSignal): Promise<readonly ContainerListed[]> {
    const deed: Deed = {kind: 'engine', what: 'list containers'}
    const {json} = await this.wire.ask({method: 'GET', path: '/containers/json', query: {all: true}, deed, signal})
    if (!Array.isArray(json) || !json.every(isListed))
      throw notAnEngine(this.wire.host, new Error('What should list containers lists none.'))
    return json.map(containerListed)
  }

  async wait(container: string, signal: AbortSignal): Promise<number> {
    const {json} = await this.askOf(container, 'wait for', {path: '/wait', idleMs: Number.POSITIVE_INFINITY}, signal)
    return Number(asObject(json)['StatusCode'])
  }

  async *logs(container: string, options: LogOptions, signal: AbortSignal): AsyncGenerator<OutputChunk> {
    const {json} = await this.askOf(container, 'describe', {method: 'GET', path: '/json'}, signal)
    const {Id, Config} = json as InspectedJson
    const read = (wanted: LogOptions) => {
      const path = containerPath(Id, '/logs', this.wire.host)
      const deed: Deed = {kind: 'container', verb: 'show the output of', container}
      return this.wire.stream({method: 'GET', path, query: logQuery(wanted), deed, signal}, outputReader(Config?.Tty ?? false))
    }
    // The last lines alone may be others by then: those are followed as they come.
    const mayBeCut = options.follow && options.tail === undefined && isOlder(this.version.ApiVersion ?? '', FOLLOWS_TO_THE_END)
    yield* mayBeCut ? madeWhole(read(options), () => read({...options, follow: false})) : read(options)
  }

  exec(container: string, options: ExecOptions, signal: AbortSignal): Promise<ExecSession> {
    return startExec(this.wire, container, options, signal)
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

  async writeRecord(record: HostRecord, signal: AbortSignal): Promise<void> {
    const body = {Name: recordVolume(record), Labels: recordLabels(record)}
    await this.wire.ask({
      method: 'POST',
      path: '/volumes/create',
      body,
      deed: {kind: 'engine', what: 'keep the record of the instance'},
      signal,
    })
  }

  async records(signal: AbortSignal): Promise<readonly HostRecord[]> {
    const deed: Deed = {kind: 'engine', what: 'list its records'}
    const {json} = await this.wire.ask({method: 'GET', path: '/volumes', query: {filters: recordFilter()}, deed, signal})
    const {Volumes: volumes} = asObject(json) as {readonly Volumes?: readonly VolumeJson[] | null}
    return [...(volumes ?? [])].sort(byAge).flatMap((volume) => hostRecord(volume.Name, volume.Labels ?? {}) ?? [])
  }

  async removeRecord(record: HostRecord, signal: AbortSignal): Promise<void> {
    const deed: Deed = {kind: 'engine', what: 'remove the record of the instance'}
    await this.wire.ask({method: 'DELETE', path: `/volumes/${encodeURIComponent(recordVolume(record))}`, accept: [404], deed, signal})
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

interface VolumeJson {
  readonly Name: string
  readonly Labels?: Labels | null
  readonly CreatedAt?: string
}

/** The oldest first, to the second as Docker tells it, then by name, which ends in the instance id. */
function byAge(a: VolumeJson, b: VolumeJson): number {
  const [x, y] = [`${a.CreatedAt ?? ''} ${a.Name}`, `${b.CreatedAt ?? ''} ${b.Name}`]
  return x < y ? -1 : x > y ? 1 : 0
}

function pullProgress(line: JsonObject): PullProgress {
  const {current, total} = asObject(line['progressDetail'])
  return {
    status: String(line['status'] ?? ''),
    ...(typeof line['id'] === 'string' ? {layer: line['id']} : {}),
    ...(typeof current === 'number' ? {currentBytes: current} : {}),
    ...(typeof total === 'number' ? {totalBytes: total} : {}),
  }
}
