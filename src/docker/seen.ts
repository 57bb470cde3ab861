// What Docker lists and describes, as Berth's containers and images. Docker leaves fields out or null as it likes, and other
// engines that speak its API more so: nothing is taken for granted but ids.
import {upAtMost} from './up-time.js'
import type {NameValue} from '../model/container-definition.js'
import type {ContainerSeen, PublishedPort} from '../model/observation.js'
import {type Timestamp, instant, timestamp} from '../model/time.js'
import type {ContainerListed, ImageSeen} from '../world/engine.js'
import {type LimitsJson, limitsSeen} from './host-limits.js'
import {controllerOwnership, type Labels, taskOwnership} from './labels.js'
import {asObject} from './ndjson.js'

/** An entry of `GET /containers/json`. */
export interface ListedJson {
  readonly Id: string
  readonly Names?: readonly string[] | null
  readonly Image?: string
  readonly ImageID?: string
  readonly Labels?: Labels | null
  readonly State?: string
  /** In words: `Up 2 minutes (healthy)`. */
  readonly Status?: string
  /** Seconds. */
  readonly Created?: number
  readonly Ports?:
    | readonly {readonly IP?: string; readonly PrivatePort: number; readonly PublicPort?: number; readonly Type: string}[]
    | null
}

/** Of an inspected container: what it may use of its host. */
export interface HostConfigJson extends LimitsJson {
  readonly RestartPolicy?: {readonly Name?: string} | null
}

/** The answer of `GET /containers/ID/json`. */
export interface InspectedJson {
  readonly Id: string
  readonly Name?: string
  readonly Image?: string
  readonly Created?: string
  readonly RestartCount?: number
  readonly State?: {
    readonly Status?: string
    readonly ExitCode?: number
    readonly OOMKilled?: boolean
    readonly Error?: string
    readonly StartedAt?: string
    readonly FinishedAt?: string
    readonly Health?: {readonly Status?: string} | null
  } | null
  readonly Config?: {
    readonly Image?: string
    readonly Labels?: Labels | null
    readonly Tty?: boolean
    readonly Env?: readonly string[] | null
    readonly Cmd?: readonly string[] | null
  } | null
  readonly HostConfig?: HostConfigJson | null
  readonly NetworkSettings?: {
    readonly IPAddress?: string
    readonly Networks?: Readonly<Record<string, {readonly IPAddress?: string} | null>> | null
    readonly Ports?: Readonly<Record<string, readonly {readonly HostIp?: string; readonly HostPort?: string}[] | null>> | null
  } | null
}

/** The answer of `GET /images/NAME/json`. */
export interface ImageJson {
  readonly Id: string
  readonly RepoDigests?: readonly string[] | null
  readonly RepoTags?: readonly string[] | null
  readonly Architecture?: string
  readonly Size?: number
}

const BYTES_PER_MIB = 1024 * 1024

/** Docker's states, and podman's words for the same. */
const STATUSES: Readonly<Record<string, ContainerSeen['status']>> = {
  configured: 'created',
  created: 'created',
  dead: 'dead',
  exited: 'exited',
  initialized: 'created',
  paused: 'paused',
  removing: 'removing',
  restarting: 'restarting',
  running: 'running',
  stopped: 'exited',
  stopping: 'running',
}

/** Is it an entry of Docker's list of containers, and not what another program answers? */
export function isListed(json: unknown): json is ListedJson {
  return typeof asObject(json)['Id'] === 'string'
}

export function containerListed(json: ListedJson): ContainerListed {
  const owner = taskOwnership(json.Labels ?? {})
  const controller = controllerOwnership(json.Labels ?? {})
  return {
    runtimeId: json.Id,
    name: ownName(json.Names ?? []),
    image: json.Image ?? '',
    imageId: json.ImageID ?? '',
    ...(owner ? {owner} : {}),
    ...(controller ? {controller} : {}),
    status: statusOf(json.State),
    ...listedHealth(json.Status),
    ...upAtMost(json.Status),
    ports: (json.Ports ?? []).flatMap((port) => published(port.IP, port.PublicPort, port.PrivatePort, port.Type)),
    createdAt: timestamp((json.Created ?? 0) * 1000),
  }
}

export function containerSeen(json: InspectedJson): ContainerSeen {
  const owner = taskOwnership(json.Config?.Labels ?? {})
  const controller = controllerOwnership(json.Config?.Labels ?? {})
  const state = json.State ?? {}
  const status = statusOf(state.Status)
  const startedAt = moment(state.StartedAt)
  const finishedAt = moment(state.FinishedAt)
  // Docker shows code 0 for a container that still runs, and a code of its own for one that never started.
  const hasEnded = startedAt !== undefined && status !== 'running' && status !== 'paused' && status !== 'created'
  return {
    runtimeId: json.Id,
    name: withoutSlash(json.Name ?? ''),
    image: json.Config?.Image ?? '',
    imageId: json.Image ?? '',
    ...(owner ? {owner} : {}),
    ...(controller ? {controller} : {}),
    status,
    ...(hasEnded && state.ExitCode !== undefined ? {exitCode: state.ExitCode} : {}),
    outOfMemory: state.OOMKilled ?? false,
    ...healthOf(state.Health?.Status),
    ...addressOf(json),
    terminal: json.Config?.Tty ?? false,
    error: state.Error ?? '',
    createdAt: moment(json.Created) ?? timestamp(0),
    ...(startedAt ? {startedAt} : {}),
    ...(finishedAt ? {finishedAt} : {}),
    ports: inspectedPorts(json),
    command: json.Config?.Cmd ?? [],
    memoryMiB: Math.ceil((json.HostConfig?.Memory || json.HostConfig?.MemoryReservation || 0) / BYTES_PER_MIB),
    limits: limitsSeen(json.HostConfig ?? {}),
    // Nothing said and `no` are one.
    restartPolicy: json.HostConfig?.RestartPolicy?.Name || 'no',
    restartCount: json.RestartCount ?? 0,
  }
}

/** Docker has `NAME=value`, or a bare name for a variable without a value. */
export function environmentSeen({Config}: InspectedJson): readonly NameValue[] {
  return (Config?.Env ?? []).map((line) => {
    const [name = ''] = line.split('=', 1)
    return {name, value: line.slice(name.length + 1)}
  })
}

export function imageSeen(json: ImageJson): ImageSeen {
  return {
    id: json.Id,
    repoDigests: json.RepoDigests ?? [],
    repoTags: json.RepoTags ?? [],
    architecture: json.Architecture ?? '',
    sizeBytes: json.Size ?? 0,
  }
}

/** A listing tells health only in its words: `(healthy)`, `(health: starting)`. */
function listedHealth(words = ''): Pick<ContainerSeen, 'health'> {
  return healthOf(/\((?:health: )?(starting|healthy|unhealthy)\)/.exec(words)?.[1])
}

function healthOf(said: string | undefined): Pick<ContainerSeen, 'health'> {
  return said === 'starting' || said === 'healthy' || said === 'unhealthy' ? {health: said} : {}
}

/** On the engine's own network, else on the first that gave it one. */
function addressOf({NetworkSettings}: InspectedJson): Pick<ContainerSeen, 'address'> {
  const networks = Object.values(NetworkSettings?.Networks ?? {})
  const address = NetworkSettings?.IPAddress || networks.find((one) => one?.IPAddress)?.IPAddress
  return address ? {address} : {}
}

/** A container that others link to bears their names for it too, as `/other/alias`; its own has one slash. */
function ownName(names: readonly string[]): string {
  return withoutSlash(names.find((name) => name.lastIndexOf('/') <= 0) ?? names[0] ?? '')
}

function withoutSlash(name: string): string {
  return name.startsWith('/') ? name.slice(1) : name
}

/** A state we have no word for counts as running: it may hold what it was given, and is looked at again. */
function statusOf(state: string | undefined): ContainerSeen['status'] {
  return STATUSES[state ?? ''] ?? 'running'
}

function inspectedPorts(json: InspectedJson): readonly PublishedPort[] {
  return Object.entries(json.NetworkSettings?.Ports ?? {}).flatMap(([key, bindings]) => {
    const [containerPort, protocol = ''] = key.split('/')
    return (bindings ?? []).flatMap((binding) => published(binding.HostIp, Number(binding.HostPort), Number(containerPort), protocol))
  })
}

/** None for a port that is only exposed, and for protocols that ECS does not know. */
function published(
  ip: string | undefined,
  hostPort: number | undefined,
  containerPort: number,
  protocol: string,
): readonly PublishedPort[] {
  return hostPort && (protocol === 'tcp' || protocol === 'udp') ? [{ip: ip ?? '', hostPort, containerPort, protocol}] : []
}

/** Docker's moment in our milliseconds; its year 1 means never. */
function moment(text: string | undefined): Timestamp | undefined {
  const when = text === undefined || text.startsWith('0001-') ? Number.NaN : instant(text)
  return Number.isNaN(when) ? undefined : timestamp(when)
}
