// One Docker engine, in our own words. Every call takes a signal; none retries; faults arrive as `EngineError` or `UnreachableError`.
import type {ContainerUpdate} from '../model/container-update.js'
import type {HostAddress} from '../model/host-address.js'
import type {EngineFacts} from '../model/instance.js'
import type {Instant} from '../model/time.js'
import type {ContainerSeen} from '../model/observation.js'
import type {KeptRecord} from '../model/kept-record.js'
import type {InstanceMark, VolumeOwnership} from '../model/ownership.js'
import type {NameValue} from '../model/container-definition.js'
import type {Timestamp} from '../model/time.js'
import type {AssembledImage} from './assembled-image.js'
import type {ContainerSpec, ControllerSpec} from './container-spec.js'

/** A volume to be made, or as it is. */
export interface VolumeSpec {
  readonly name: string
  readonly driver: string
  readonly driverOptions: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  /** Of one that comes and goes with a task. */
  readonly owner?: VolumeOwnership
}

/** What a registry wants to hear before it hands out an image. Never logged, never kept. */
export type RegistryCredential =
  | {readonly username: string; readonly password: string; readonly serverAddress: string}
  | {readonly identityToken: string; readonly serverAddress: string}

/** One reading of what a container uses. */
export interface ContainerUsage {
  readonly at: Timestamp
  /** 100 is one core. */
  readonly cpuPercent: number
  readonly memoryBytes: number
  /** 0 where there is none. */
  readonly memoryLimitBytes: number
  readonly networkReceivedBytes: number
  readonly networkSentBytes: number
  readonly blockReadBytes: number
  readonly blockWrittenBytes: number
  readonly processCount: number
}

/** Processes as `ps` on the host lists them. */
export interface ProcessList {
  readonly titles: readonly string[]
  readonly processes: readonly (readonly string[])[]
}

/** What lies at a path inside a container. */
export interface PathSeen {
  readonly name: string
  readonly sizeBytes: number
  readonly isDirectory: boolean
}

/** What one listing tells of a container; the rest takes `inspect`. */
export type ContainerListed = Pick<
  ContainerSeen,
  'runtimeId' | 'name' | 'image' | 'imageId' | 'owner' | 'controller' | 'status' | 'health' | 'ports' | 'createdAt'
> & {
  /** It has been up for no longer than this; absent where that is not told. */
  readonly upAtMostMs?: number
}

export interface ImageSeen {
  /** `sha256:...` of its configuration. */
  readonly id: string
  /** `repository@sha256:...`, where a registry gave one. */
  readonly repoDigests: readonly string[]
  readonly repoTags: readonly string[]
  readonly architecture: string
  readonly sizeBytes: number
}

export interface PullProgress {
  /** What Docker says of the layer: `Downloading`, `Pull complete`... */
  readonly status: string
  readonly layer?: string
  readonly currentBytes?: number
  readonly totalBytes?: number
}

export interface PullOptions {
  readonly credential?: RegistryCredential
  readonly onProgress: (progress: PullProgress) => void
}

export interface LogOptions {
  readonly follow?: boolean
  readonly since?: Timestamp
  /** Only the last messages. */
  readonly tail?: number
}

/** A piece of output, as it came: it may end in the middle of a line, never in the middle of a frame. */
export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr'
  /** When the engine took it, to the nanosecond and of one width, so that texts compare as moments do: of logs, where each chunk is one message. */
  readonly at?: string
  readonly bytes: Uint8Array
}

/**
 * What a program prints, in the order in which it came: what came together is one batch, and none is empty. One chunk after the other would bind a log of
 * many lines to the few hundred thousand steps that a process takes in a second.
 */
export type Output = AsyncIterable<readonly OutputChunk[]>

export interface ExecOptions {
  readonly command: readonly string[]
  readonly environment?: readonly NameValue[]
  readonly stdin?: boolean
  readonly tty?: boolean
  readonly user?: string
  readonly workingDirectory?: string
}

export interface ExecSession {
  /** Ends when the program has ended. With a terminal all is `stdout`. */
  readonly output: Output
  write(bytes: Uint8Array): Promise<void>
  /** No more input will come. */
  end(): void
  resize(columns: number, rows: number): Promise<void>
  /** Known once the output has ended. */
  exitCode(): Promise<number>
}

export interface EngineEvent {
  readonly at: Timestamp
  readonly type: 'container' | 'image' | 'volume' | 'network' | 'daemon'
  /** `start`, `die`, `oom`, `health_status: healthy`... */
  readonly action: string
  /** Id of the thing it happened to. */
  readonly subject: string
  readonly attributes: Readonly<Record<string, string>>
}

export interface Engine {
  facts(signal: AbortSignal): Promise<EngineFacts>
  /** What the host's clock says. */
  time(signal: AbortSignal): Promise<Instant>
  /** The folder of the host where the engine keeps images, containers and volumes. */
  dataRoot(signal: AbortSignal): Promise<string>
  ping(signal: AbortSignal): Promise<void>

  /** The image of this reference or id when it is on the host: no registry is asked. */
  image(reference: string, signal: AbortSignal): Promise<ImageSeen | undefined>
  /** After it the image is on the host; throws `EngineError` `CannotPullContainerError`, `CannotPullContainerAuthError` where the registry wants to know who asks. */
  pull(reference: string, options: PullOptions, signal: AbortSignal): Promise<void>
  /** Takes in a `docker save` archive; throws `EngineError` `CannotLoadImage`. */
  loadImage(archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>
  /** After it the image of the container that holds shared namespaces is there; throws `EngineError` `CannotLoadImage` where none is known for the host. */
  loadPauseImage(signal: AbortSignal): Promise<void>

  /** After it the image is there under its reference; nothing is sent where it is already. Throws `EngineError` `CannotLoadImage`. */
  loadAssembled(image: AssembledImage, signal: AbortSignal): Promise<void>
  /** One that is gone, or that a container still needs, is left as it is. */
  removeImage(reference: string, signal: AbortSignal): Promise<void>

  /** Gives the image of this id the reference, whatever bore that before. Throws `NotFoundError` `NoSuchImage`. */
  tagImage(imageId: string, reference: string, signal: AbortSignal): Promise<void>

  /** Makes the container and returns its runtime id. A container of that name that is already there is `EngineError` `NameTaken`. */
  create(spec: ContainerSpec, signal: AbortSignal): Promise<string>
  /** Makes the container of a controller with its files in its volume, not started. One of that name that is already there is `EngineError` `NameTaken`. */
  createController(spec: ControllerSpec, signal: AbortSignal): Promise<void>
  /** Returns when it runs; one that runs already is left as it is. */
  start(container: string, signal: AbortSignal): Promise<void>
  /** Sends `SIGINT`, `SIGTERM`... One that does not run is left as it is. */
  signal(container: string, name: string, signal: AbortSignal): Promise<void>
  /** Its stop signal, then SIGKILL after the seconds given. Returns when it has stopped; one that is gone or stopped is left as it is. */
  stop(container: string, timeoutSeconds: number, signal: AbortSignal): Promise<void>
  /** After it the engine holds the container to what is said, running or not; the rest stays. Throws `NotFoundError` `NoSuchContainer`. */
  update(container: string, update: ContainerUpdate, signal: AbortSignal): Promise<void>
  /** Removes it with its anonymous volumes, running or not. One that is gone is left so. */
  remove(container: string, signal: AbortSignal): Promise<void>
  /** By name or runtime id; `undefined` when there is none. */
  inspect(container: string, signal: AbortSignal): Promise<ContainerSeen | undefined>
  /** What a container's program is given, secrets among it: never to be shown or recorded as it is. None where there is no such container. */
  environment(container: string, signal: AbortSignal): Promise<readonly NameValue[]>
  /** Every container of the engine, stopped and foreign ones too. */
  list(signal: AbortSignal): Promise<readonly ContainerListed[]>
  /** Its exit code, as soon as it does not run. */
  wait(container: string, signal: AbortSignal): Promise<number>
  /** What it printed; with `follow`, until it stops or `signal` fires. A terminal's output is all `stdout`. */
  logs(container: string, options: LogOptions, signal: AbortSignal): Output
  exec(container: string, options: ExecOptions, signal: AbortSignal): Promise<ExecSession>
  /** The size of a container's terminal; one without a terminal, or that does not run, is left as it is. */
  resize(container: string, columns: number, rows: number, signal: AbortSignal): Promise<void>
  /** A reading about every second until it stops or `signal` fires; with `once` a single one. Throws `NotFoundError` `NoSuchContainer`. */
  usage(container: string, options: {readonly once: boolean}, signal: AbortSignal): AsyncIterable<ContainerUsage>
  /** The processes of a running container. Throws `ConflictError` `ContainerNotRunning`. */
  processes(container: string, signal: AbortSignal): Promise<ProcessList>
  /** What lies at the path, running or not; `undefined` when nothing does, and when there is no such container. */
  pathSeen(container: string, path: string, signal: AbortSignal): Promise<PathSeen | undefined>
  /** A tar of what lies at the path. Throws `NotFoundError` `NoSuchPath`. */
  getArchive(container: string, path: string, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Unpacks a tar into the folder at the path. Throws `NotFoundError` `NoSuchPath`. */
  putArchive(container: string, path: string, archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>

  /** The volume as it is; `undefined` when there is none. */
  volume(name: string, signal: AbortSignal): Promise<VolumeSpec | undefined>
  /** Makes it; one of that name that is there already is left as it is. Throws `EngineError` `CannotCreateVolumeError`. */
  createVolume(spec: VolumeSpec, signal: AbortSignal): Promise<void>
  /** One that is gone is left so. Throws `ConflictError` `VolumeInUse`. */
  removeVolume(name: string, signal: AbortSignal): Promise<void>

  /** Events from `since` on, until `signal` fires. */
  events(options: {readonly since?: Timestamp}, signal: AbortSignal): AsyncIterable<EngineEvent>

  /** Leaves the mark on the host; one that is there already is left as it is. */
  writeMark(mark: InstanceMark, signal: AbortSignal): Promise<void>
  /** Every mark that any cluster left on the host, the oldest first, then by instance id. */
  marks(signal: AbortSignal): Promise<readonly InstanceMark[]>
  /** One that is gone is left so. */
  removeMark(mark: InstanceMark, signal: AbortSignal): Promise<void>
  /** Every record of any cluster that the host keeps, in no order; several generations of one name where somebody died in between. */
  keptRecords(signal: AbortSignal): Promise<readonly KeptRecord[]>
  /** Leaves the record on the host, in place of one of the same name and generation. */
  keepRecord(record: KeptRecord, signal: AbortSignal): Promise<void>
  /** One that is gone is left so. */
  dropRecord(record: KeptRecord, signal: AbortSignal): Promise<void>
}

/** Opens engines: a connection where one is needed, and the engine behind it. */
export interface Engines {
  /** The same engine for the same address, as long as the process lives. Throws `UnreachableError`. */
  open(address: HostAddress, options: OpenOptions, signal: AbortSignal): Promise<Engine>
}

export interface OpenOptions {
  /** Opened anew, though it is open already: the connection to it is lost. */
  readonly fresh?: boolean
  /** ssh may ask the person at the terminal: a host key, a passphrase. */
  readonly interactive?: boolean
}
