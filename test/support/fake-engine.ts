// An engine in memory, kept honest by the contract suite that the real one passes too. What happens to its containers is told by `fake-containers.ts`.
import type {NameValue} from '../../src/model/container-definition.js'
import {ConflictError, EngineError, type KnownError, NotFoundError} from '../../src/errors.js'
import type {ContainerUpdate} from '../../src/model/container-update.js'
import type {EngineFacts} from '../../src/model/instance.js'
import type {Instant} from '../../src/model/time.js'
import type {ContainerSeen} from '../../src/model/observation.js'
import type {KeptRecord} from '../../src/model/kept-record.js'
import type {InstanceMark} from '../../src/model/ownership.js'
import {PAUSE_IMAGE} from '../../src/model/run-document.js'
import {timestamp} from '../../src/model/time.js'
import type {AssembledImage} from '../../src/world/assembled-image.js'
import type {ContainerSpec, ControllerSpec} from '../../src/world/container-spec.js'
import type {
  ContainerListed,
  ContainerUsage,
  Engine,
  EngineEvent,
  ExecOptions,
  ExecSession,
  ImageSeen,
  LogOptions,
  Output,
  PathSeen,
  ProcessList,
  PullOptions,
  VolumeSpec,
} from '../../src/world/engine.js'
import {facts} from './build.js'
import {type FakeContainer, FakeContainers} from './fake-containers.js'
import {FakeExec} from './fake-exec.js'
import {entriesOf, FakeFiles, FakeRecords, FakeVolumes} from './fake-holdings.js'
import {runProgram} from './fake-programs.js'

const IMAGE_BYTES = 2_000_000

export class FakeEngine implements Engine {
  /** What was asked of it, in order: `pull alpine:3`, `start NAME`. */
  readonly deeds: string[] = []
  private readonly containers = new FakeContainers()
  private readonly borne: InstanceMark[] = []
  private readonly kept = new FakeRecords()
  private fault: KnownError | undefined
  /** Ids by the names that they bear. */
  private readonly images: Map<string, string>
  private readonly volumes = new FakeVolumes()
  private readonly files = new FakeFiles()

  /** `registry` names what a pull finds. */
  constructor(
    private readonly said: {
      readonly facts?: Partial<EngineFacts>
      readonly images?: readonly string[]
      readonly registry?: readonly string[]
    } = {},
  ) {
    this.images = new Map((said.images ?? ['busybox:test']).map((name) => [name, idOf(name)]))
  }

  /** From now on every call throws `fault`; without one all is well again. */
  breakDown(fault?: KnownError): void {
    this.fault = fault
  }

  async facts(signal: AbortSignal): Promise<EngineFacts> {
    this.answer(signal)
    return facts(this.said.facts)
  }

  async time(signal: AbortSignal): Promise<Instant> {
    this.answer(signal)
    return Date.now()
  }

  async dataRoot(signal: AbortSignal): Promise<string> {
    this.answer(signal)
    return '/var/lib/docker'
  }

  async ping(signal: AbortSignal): Promise<void> {
    this.answer(signal)
  }

  async image(reference: string, signal: AbortSignal): Promise<ImageSeen | undefined> {
    this.answer(signal)
    const id = this.images.get(reference) ?? [...this.images.values()].find((one) => one === reference)
    return id === undefined ? undefined : {id, repoDigests: [], repoTags: [reference], architecture: 'amd64', sizeBytes: IMAGE_BYTES}
  }

  async pull(reference: string, {onProgress}: PullOptions, signal: AbortSignal): Promise<void> {
    this.answer(signal, `pull ${reference}`)
    if (!this.said.registry?.includes(reference))
      throw new EngineError('CannotPullContainerError', `Image "${reference}" cannot be pulled: not found.`)
    onProgress({status: 'Pull complete', layer: 'fake'})
    this.images.set(reference, idOf(reference))
  }

  async tagImage(imageId: string, reference: string, signal: AbortSignal): Promise<void> {
    this.answer(signal, `tag ${reference}`)
    // An image that has lost its last name is kept as long as a container was made of it.
    const isHere = [...this.images.values()].includes(imageId) || this.containers.all().some(({seen}) => seen.imageId === imageId)
    if (!isHere) throw new NotFoundError('NoSuchImage', `There is no image ${imageId}.`)
    this.images.set(reference, imageId)
  }

  async create(spec: ContainerSpec, signal: AbortSignal): Promise<string> {
    this.answer(signal, `create ${spec.name}`)
    const id = this.images.get(spec.image)
    if (id === undefined) throw new EngineError('CannotPullContainerError', `There is no image "${spec.image}".`)
    return this.containers.create(spec, id)
  }

  async start(container: string, signal: AbortSignal): Promise<void> {
    this.answer(signal, `start ${container}`)
    this.containers.start(container)
  }

  async signal(container: string, name: string, signal: AbortSignal): Promise<void> {
    this.answer(signal, `signal ${container} ${name}`)
    this.containers.signal(container, name)
  }

  async stop(container: string, _timeoutSeconds: number, signal: AbortSignal): Promise<void> {
    this.answer(signal, `stop ${container}`)
    this.containers.stop(container)
  }

  async update(container: string, update: ContainerUpdate, signal: AbortSignal): Promise<void> {
    this.answer(signal, `update ${container}`)
    this.containers.update(container, update)
  }

  async remove(container: string, signal: AbortSignal): Promise<void> {
    this.answer(signal, `remove ${container}`)
    this.containers.remove(container)
  }

  async inspect(container: string, signal: AbortSignal): Promise<ContainerSeen | undefined> {
    this.answer(signal)
    return this.containers.find(container)?.seen
  }

  async environment(container: string, signal: AbortSignal): Promise<readonly NameValue[]> {
    this.answer(signal)
    return this.containers.find(container)?.spec.environment ?? []
  }

  async list(signal: AbortSignal): Promise<readonly ContainerListed[]> {
    this.answer(signal)
    return this.containers.all().map(({seen}) => seen)
  }

  async wait(container: string, signal: AbortSignal): Promise<number> {
    this.answer(signal)
    await this.containers.ended(container, signal)
    return this.containers.the(container).seen.exitCode ?? 0
  }

  async *logs(container: string, options: LogOptions, signal: AbortSignal): Output {
    this.answer(signal)
    yield* this.containers.logs(container, options, signal)
  }

  async exec(container: string, options: ExecOptions, signal: AbortSignal): Promise<ExecSession> {
    this.answer(signal, `exec ${container}`)
    this.running(container)
    return new FakeExec(runProgram(options.command), signal)
  }

  events(options: {readonly since?: string}, signal: AbortSignal): AsyncIterable<EngineEvent> {
    const {events} = this.containers
    return events.read(options.since === undefined ? events.length : 0, signal)
  }

  async loadImage(archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    this.answer(signal, 'load')
    const manifest = (await entriesOf(archive)).get('manifest.json')
    if (!manifest) throw new EngineError('CannotLoadImage', 'The archive holds no image.')
    for (const {RepoTags} of JSON.parse(manifest.toString()) as {RepoTags: string[]}[])
      for (const tag of RepoTags) this.images.set(tag, idOf(tag))
  }

  async loadAssembled({reference}: AssembledImage, signal: AbortSignal): Promise<void> {
    this.answer(signal, `load ${reference}`)
    this.images.set(reference, idOf(reference))
  }

  async removeImage(reference: string, signal: AbortSignal): Promise<void> {
    this.answer(signal, `remove image ${reference}`)
    if (!this.containers.all().some(({seen}) => seen.image === reference)) this.images.delete(reference)
  }

  async createController(spec: ControllerSpec, signal: AbortSignal): Promise<void> {
    this.answer(signal, `create ${spec.name}`)
    const {command, environment, image, name, owner: controller, stopTimeoutSeconds} = spec
    const id = this.images.get(image)
    if (id === undefined) throw new EngineError('CannotPullContainerError', `There is no image "${image}".`)
    this.containers.create({name, image, command, environment, stopTimeoutSeconds, ports: [], binds: [], controller}, id)
  }

  async loadPauseImage(signal: AbortSignal): Promise<void> {
    this.answer(signal)
    this.images.set(PAUSE_IMAGE, idOf(PAUSE_IMAGE))
  }

  async resize(_container: string, _columns: number, _rows: number, signal: AbortSignal): Promise<void> {
    this.answer(signal)
  }

  async *usage(container: string, {once}: {readonly once: boolean}, signal: AbortSignal): AsyncGenerator<ContainerUsage> {
    this.answer(signal)
    const {seen} = this.containers.the(container)
    if (seen.status !== 'running') return
    const none = {networkReceivedBytes: 0, networkSentBytes: 0, blockReadBytes: 0, blockWrittenBytes: 0}
    const memory = {memoryBytes: 4096, memoryLimitBytes: seen.memoryMiB * 1024 * 1024}
    yield {at: timestamp(Date.now()), cpuPercent: 0, processCount: 1, ...memory, ...none}
    if (!once) await this.containers.ended(container, signal)
  }

  async processes(container: string, signal: AbortSignal): Promise<ProcessList> {
    this.answer(signal)
    const {spec} = this.running(container)
    return {titles: ['PID', 'CMD'], processes: [['1', (spec.command ?? []).join(' ')]]}
  }

  async pathSeen(container: string, path: string, signal: AbortSignal): Promise<PathSeen | undefined> {
    this.answer(signal)
    const one = this.containers.find(container)
    return one && this.files.seen(one.seen.runtimeId, path)
  }

  async *getArchive(container: string, path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    this.answer(signal)
    yield* this.files.get(this.containers.the(container).seen.runtimeId, path)
  }

  async putArchive(container: string, path: string, archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    this.answer(signal)
    await this.files.put(this.containers.the(container).seen.runtimeId, path, archive)
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
    const user = this.containers.all().find(({spec}) => spec.binds.some((bind) => bind.startsWith(`${name}:`)))
    this.volumes.remove(name, user?.spec.name)
  }

  async writeMark(record: InstanceMark, signal: AbortSignal): Promise<void> {
    this.answer(signal)
    if (!this.borne.some((one) => one.instanceId === record.instanceId)) this.borne.push(record)
  }

  async marks(signal: AbortSignal): Promise<readonly InstanceMark[]> {
    this.answer(signal)
    return [...this.borne]
  }

  async removeMark(record: InstanceMark, signal: AbortSignal): Promise<void> {
    this.answer(signal)
    const place = this.borne.findIndex((one) => one.instanceId === record.instanceId)
    if (place >= 0) this.borne.splice(place, 1)
  }

  async keptRecords(signal: AbortSignal): Promise<readonly KeptRecord[]> {
    this.answer(signal)
    return this.kept.all()
  }

  async keepRecord(record: KeptRecord, signal: AbortSignal): Promise<void> {
    this.answer(signal)
    this.kept.keep(record)
  }

  async dropRecord(record: KeptRecord, signal: AbortSignal): Promise<void> {
    this.answer(signal)
    this.kept.drop(record)
  }

  private answer(signal: AbortSignal, deed?: string): void {
    signal.throwIfAborted()
    if (this.fault) throw this.fault
    if (deed !== undefined) this.deeds.push(deed)
  }

  private running(container: string): FakeContainer {
    const one = this.containers.the(container)
    if (one.seen.status !== 'running') throw new ConflictError('ContainerNotRunning', `Container "${container}" does not run.`)
    return one
  }
}

function idOf(image: string): string {
  return image.startsWith('sha256:') ? image : `sha256:${Buffer.from(image).toString('hex').padEnd(64, '0').slice(0, 64)}`
}
