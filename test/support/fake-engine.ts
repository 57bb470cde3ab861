// An engine in memory, kept honest by the contract suite that the real one passes too. Its programs are those of `fake-programs.ts`.
import {ConflictError, EngineError, type KnownError, NotFoundError} from '../../src/errors.js'
import type {EngineFacts} from '../../src/model/instance.js'
import type {ContainerSeen, PublishedPort} from '../../src/model/observation.js'
import type {HostRecord} from '../../src/model/ownership.js'
import {PAUSE_IMAGE} from '../../src/model/run-document.js'
import {timestamp} from '../../src/model/time.js'
import type {ContainerSpec} from '../../src/world/container-spec.js'
import type {
  ContainerListed,
  ContainerUsage,
  Engine,
  EngineEvent,
  ExecOptions,
  ExecSession,
  ImageSeen,
  LogOptions,
  OutputChunk,
  PathSeen,
  ProcessList,
  PullOptions,
  VolumeSpec,
} from '../../src/world/engine.js'
import {facts} from './build.js'
import {FakeExec} from './fake-exec.js'
import {entriesOf, FakeFiles, FakeVolumes} from './fake-holdings.js'
import {type Run, runProgram} from './fake-programs.js'
import {Queue} from './queue.js'

const FIRST_DYNAMIC_PORT = 32_768
const KILLED = 137
const IMAGE_BYTES = 2_000_000

interface FakeContainer {
  readonly seen: ContainerSeen
  readonly spec: ContainerSpec
  readonly output: Queue<OutputChunk>
  readonly run?: Run
}

export class FakeEngine implements Engine {
  /** What was asked of it, in order: `pull alpine:3`, `start NAME`. */
  readonly deeds: string[] = []
  private readonly containers = new Map<string, FakeContainer>()
  private readonly happened = new Queue<EngineEvent>()
  private readonly kept: HostRecord[] = []
  private fault: KnownError | undefined
  private readonly images: Set<string>
  private readonly volumes = new FakeVolumes()
  private readonly files = new FakeFiles()
  private made = 0
  private taken = 0

  /** `registry` names what a pull finds. */
  constructor(
    private readonly said: {
      readonly facts?: Partial<EngineFacts>
      readonly images?: readonly string[]
      readonly registry?: readonly string[]
    } = {},
  ) {
    this.images = new Set(said.images ?? ['busybox:test'])
  }

  /** From now on every call throws `fault`; without one all is well again. */
  breakDown(fault?: KnownError): void {
    this.fault = fault
  }

  async facts(signal: AbortSignal): Promise<EngineFacts> {
    this.answer(signal)
    return facts(this.said.facts)
  }

  async ping(signal: AbortSignal): Promise<void> {
    this.answer(signal)
  }

  async image(reference: string, signal: AbortSignal): Promise<ImageSeen | undefined> {
    this.answer(signal)
    const known = this.images.has(reference) || [...this.images].some((name) => idOf(name) === reference)
    return known ? {id: idOf(reference), repoDigests: [], repoTags: [reference], architecture: 'amd64', sizeBytes: IMAGE_BYTES} : undefined
  }

  async pull(reference: string, {onProgress}: PullOptions, signal: AbortSignal): Promise<void> {
    this.answer(signal, `pull ${reference}`)
    if (!this.said.registry?.includes(reference))
      throw new EngineError('CannotPullContainerError', `Image "${reference}" cannot be pulled: not found.`)
    onProgress({status: 'Pull complete', layer: 'fake'})
    this.images.add(reference)
  }

  async create(spec: ContainerSpec, signal: AbortSignal): Promise<string> {
    this.answer(signal, `create ${spec.name}`)
    if (!this.images.has(spec.image)) throw new EngineError('CannotPullContainerError', `There is no image "${spec.image}".`)
    if (this.find(spec.name)) throw new EngineError('NameTaken', `There is a container "${spec.name}" already.`)
    this.made += 1
    const runtimeId = this.made.toString(16).padStart(64, '0')
    const told = {runtimeId, name: spec.name, image: spec.image, imageId: idOf(spec.image), owner: spec.owner, createdAt: now()}
    const seen: ContainerSeen = {
      ...told,
      status: 'created',
      outOfMemory: false,
      error: '',
      terminal: spec.terminal ?? false,
      ports: [],
      memoryMiB: spec.memoryMiB ?? spec.memoryReservationMiB ?? 0,
      restartCount: 0,
    }
    this.containers.set(runtimeId, {seen, spec, output: new Queue()})
    this.tell('create', seen)
    return runtimeId
  }

  async start(container: string, signal: AbortSignal): Promise<void> {
    this.answer(signal, `start ${container}`)
    const one = this.the(container)
    if (one.seen.status === 'running') return
    const run = runProgram([...(one.spec.entryPoint ?? []), ...(one.spec.command ?? ['exit 0'])])
    if (run.unknown !== undefined)
      throw new EngineError('CannotStartContainerError', `Container "${one.spec.name}" does not start: ${run.unknown} is not in $PATH.`)
    const begun: FakeContainer = {...one, run, seen: {...one.seen, status: 'running', startedAt: now(), ports: this.publish(one.spec)}}
    this.put(begun)
    this.tell('start', begun.seen)
    this.check(begun)
    for (const chunk of run.output) one.output.push({...chunk, at: this.moment()})
    if (run.exitCode !== undefined) this.finish(this.the(container), run.exitCode)
  }

  async signal(container: string, name: string, signal: AbortSignal): Promise<void> {
    this.answer(signal, `signal ${container} ${name}`)
    const one = this.find(container)
    if (one?.seen.status !== 'running') return
    const code = name === 'SIGKILL' ? KILLED : name === 'SIGTERM' ? one.run?.onTerm : undefined
    if (code !== undefined) this.finish(one, code)
  }

  async stop(container: string, _timeoutSeconds: number, signal: AbortSignal): Promise<void> {
    this.answer(signal, `stop ${container}`)
    const one = this.find(container)
    if (one?.seen.status === 'running') this.finish(one, one.run?.onTerm ?? KILLED)
  }

  async remove(container: string, signal: AbortSignal): Promise<void> {
    this.answer(signal, `remove ${container}`)
    const one = this.find(container)
    if (!one) return
    if (one.seen.status === 'running') this.finish(one, KILLED)
    this.containers.delete(one.seen.runtimeId)
    this.tell('destroy', one.seen)
  }

  async inspect(container: string, signal: AbortSignal): Promise<ContainerSeen | undefined> {
    this.answer(signal)
    return this.find(container)?.seen
  }

  async list(signal: AbortSignal): Promise<readonly ContainerListed[]> {
    this.answer(signal)
    return [...this.containers.values()].map(({seen}) => seen).reverse()
  }

  async wait(container: string, signal: AbortSignal): Promise<number> {
    this.answer(signal)
    const {output, seen} = this.the(container)
    if (seen.status === 'running') for await (const _ of output.read(output.length, signal));
    return this.the(container).seen.exitCode ?? 0
  }

  async *logs(container: string, options: LogOptions, signal: AbortSignal): AsyncGenerator<OutputChunk> {
    this.answer(signal)
    const {output} = this.the(container)
    const end = options.follow ? Number.POSITIVE_INFINITY : output.length
    const from = options.tail === undefined ? 0 : Math.max(0, output.length - options.tail)
    if (from >= end) return
    let place = from
    for await (const chunk of output.read(from, signal)) {
      if (!isBefore(chunk.at, options.since)) yield chunk
      place += 1
      if (place >= end) return
    }
  }

  async exec(container: string, options: ExecOptions, signal: AbortSignal): Promise<ExecSession> {
    this.answer(signal, `exec ${container}`)
    if (this.the(container).seen.status !== 'running')
      throw new ConflictError('ContainerNotRunning', `Container "${container}" does not run.`)
    return new FakeExec(runProgram(options.command), signal)
  }

  events(options: {readonly since?: string}, signal: AbortSignal): AsyncIterable<EngineEvent> {
    return this.happened.read(options.since === undefined ? this.happened.length : 0, signal)
  }

  async loadImage(archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    this.answer(signal, 'load')
    const manifest = (await entriesOf(archive)).get('manifest.json')
    if (!manifest) throw new EngineError('CannotLoadImage', 'The archive holds no image.')
    for (const {RepoTags} of JSON.parse(manifest.toString()) as {RepoTags: string[]}[]) for (const tag of RepoTags) this.images.add(tag)
  }

  async loadPauseImage(signal: AbortSignal): Promise<void> {
    this.answer(signal)
    this.images.add(PAUSE_IMAGE)
  }

  async resize(_container: string, _columns: number, _rows: number, signal: AbortSignal): Promise<void> {
    this.answer(signal)
  }

  async *usage(container: string, _options: {readonly once: boolean}, signal: AbortSignal): AsyncGenerator<ContainerUsage> {
    this.answer(signal)
    const {seen} = this.the(container)
    if (seen.status !== 'running') return
    const none = {networkReceivedBytes: 0, networkSentBytes: 0, blockReadBytes: 0, blockWrittenBytes: 0}
    yield {at: now(), cpuPercent: 0, memoryBytes: 4096, memoryLimitBytes: seen.memoryMiB * 1024 * 1024, processCount: 1, ...none}
  }

  async processes(container: string, signal: AbortSignal): Promise<ProcessList> {
    this.answer(signal)
    const {seen, spec} = this.the(container)
    if (seen.status !== 'running') throw new ConflictError('ContainerNotRunning', `Container "${container}" does not run.`)
    return {titles: ['PID', 'CMD'], processes: [['1', (spec.command ?? []).join(' ')]]}
  }

  async pathSeen(container: string, path: string, signal: AbortSignal): Promise<PathSeen | undefined> {
    this.answer(signal)
    return this.files.seen(this.the(container).spec.name, path)
  }

  getArchive(container: string, path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    this.answer(signal)
    return this.files.get(this.the(container).spec.name, path)
  }

  putArchive(container: string, path: string, archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    this.answer(signal)
    return this.files.put(this.the(container).spec.name, path, archive)
  }

  async volume(name: string, signal: AbortSignal): Promise<VolumeSpec | undefined> {
    this.answer(signal)
    return this.volumes.get(name)
  }

  async createVolume(spec: VolumeSpec, signal: AbortSignal): Promise<void> {
    this.answer(signal, `volume ${spec.name}`)
    this.volumes.create(spec)
  }

  async removeVolume(name: string, signal: AbortSignal): Promise<void> {
    this.answer(signal, `remove volume ${name}`)
    this.volumes.remove(name)
  }

  async writeRecord(record: HostRecord, signal: AbortSignal): Promise<void> {
    this.answer(signal)
    if (!this.kept.some((one) => one.instanceId === record.instanceId)) this.kept.push(record)
  }

  async records(signal: AbortSignal): Promise<readonly HostRecord[]> {
    this.answer(signal)
    return [...this.kept]
  }

  async removeRecord(record: HostRecord, signal: AbortSignal): Promise<void> {
    this.answer(signal)
    const place = this.kept.findIndex((one) => one.instanceId === record.instanceId)
    if (place >= 0) this.kept.splice(place, 1)
  }

  private answer(signal: AbortSignal, deed?: string): void {
    signal.throwIfAborted()
    if (this.fault) throw this.fault
    if (deed !== undefined) this.deeds.push(deed)
  }

  private find(container: string): FakeContainer | undefined {
    return this.containers.get(container) ?? [...this.containers.values()].find(({seen}) => seen.name === container)
  }

  private the(container: string): FakeContainer {
    const one = this.find(container)
    if (!one) throw new NotFoundError('NoSuchContainer', `There is no container "${container}".`)
    return one
  }

  private put(container: FakeContainer): void {
    this.containers.set(container.seen.runtimeId, container)
  }

  /** A check is made at once, and says what its program's name says: `true` or `false`. */
  private check(container: FakeContainer): void {
    const {healthCheck} = container.spec
    if (healthCheck === undefined || healthCheck === 'none') return
    const health = healthCheck.test.includes('false') ? 'unhealthy' : 'healthy'
    const seen: ContainerSeen = {...container.seen, health}
    this.put({...container, seen})
    this.tell(`health_status: ${health}`, seen)
  }

  /** Each later than the one before, as of an engine that takes one message after the other. */
  private moment(): string {
    this.taken += 1
    return `${now().slice(0, -1)}${String(this.taken).padStart(6, '0')}Z`
  }

  private finish(container: FakeContainer, exitCode: number): void {
    const seen: ContainerSeen = {...container.seen, status: 'exited', exitCode, finishedAt: now(), ports: []}
    this.put({...container, seen})
    container.output.end()
    this.tell('die', seen)
  }

  private publish(spec: ContainerSpec): readonly PublishedPort[] {
    const taken = [...this.containers.values()].flatMap(({seen}) => seen.ports)
    return spec.ports.map(({containerPort, hostPort, protocol}, index) => {
      const port = hostPort || FIRST_DYNAMIC_PORT + taken.length + index
      if (taken.some((one) => one.hostPort === port && one.protocol === protocol))
        throw new EngineError('PortTaken', `Port ${port} is taken.`)
      return {ip: '0.0.0.0', hostPort: port, containerPort, protocol}
    })
  }

  private tell(action: string, {runtimeId, name}: ContainerSeen): void {
    this.happened.push({at: now(), type: 'container', action, subject: runtimeId, attributes: {name}})
  }
}

/** Moments of one width compare as texts do. */
function isBefore(at: string | undefined, since: string | undefined): boolean {
  return at !== undefined && since !== undefined && at < `${since.slice(0, -1).padEnd(29, '0')}Z`
}

function idOf(image: string): string {
  return image.startsWith('sha256:') ? image : `sha256:${Buffer.from(image).toString('hex').padEnd(64, '0').slice(0, 64)}`
}

function now(): string {
  return timestamp(Date.now())
}
