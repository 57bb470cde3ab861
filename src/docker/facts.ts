// What an engine says of itself.
import type {EngineFacts} from '../model/instance.js'

/** The answer of `GET /version`, what we read of it. */
export interface VersionJson {
  readonly Version?: string
  readonly ApiVersion?: string
  readonly MinAPIVersion?: string
  /** Of the processor: `amd64`, `arm64`... */
  readonly Arch?: string
}

/** The answer of `GET /info`, what we read of it. */
export interface InfoJson {
  readonly DockerRootDir?: string
  readonly SystemTime?: string
  readonly Name?: string
  readonly OSType?: string
  readonly OperatingSystem?: string
  readonly Architecture?: string
  readonly NCPU?: number
  readonly MemTotal?: number
  readonly Driver?: string
  readonly DriverStatus?: readonly (readonly string[])[] | null
  readonly Plugins?: {readonly Log?: readonly string[] | null} | null
  readonly SecurityOptions?: readonly string[] | null
  readonly GenericResources?: readonly {readonly NamedResourceSpec?: {readonly Kind: string; readonly Value: string} | null}[] | null
  /** From API 1.50 on: what the container device interface found. */
  readonly DiscoveredDevices?: readonly {readonly Source: string; readonly ID: string}[] | null
}

const BYTES_PER_MIB = 1024 * 1024
const CDI_GPU = /^nvidia\.com\/gpu=(?!all$)(.+)$/

export function engineFacts(version: VersionJson, info: InfoJson): EngineFacts {
  return {
    hostName: info.Name ?? '',
    engineVersion: version.Version ?? '',
    apiVersion: version.ApiVersion ?? '',
    minApiVersion: version.MinAPIVersion ?? '',
    osType: info.OSType ?? 'linux',
    operatingSystem: info.OperatingSystem ?? '',
    architecture: info.Architecture ?? '',
    cpuCount: info.NCPU ?? 0,
    memoryMiB: Math.floor((info.MemTotal ?? 0) / BYTES_PER_MIB),
    storageDriver: info.Driver ?? '',
    imageStore: isContainerd(info) ? 'containerd' : 'graphdriver',
    loggingDrivers: info.Plugins?.Log ?? [],
    securityOptions: info.SecurityOptions ?? [],
    gpuIds: gpuIds(info),
  }
}

/** With its containerd image store Docker names the snapshotter's type beside the driver (Docker docs, "containerd image store"). */
function isContainerd(info: InfoJson): boolean {
  return (info.DriverStatus ?? []).some(([name, value]) => name === 'driver-type' && value?.startsWith('io.containerd.'))
}

/** GPUs that the engine was told of as generic resources, else those it found itself; each once, sorted. */
function gpuIds(info: InfoJson): readonly string[] {
  const told = (info.GenericResources ?? []).flatMap(({NamedResourceSpec: one}) => (one && /gpu/i.test(one.Kind) ? [one.Value] : []))
  const found = (info.DiscoveredDevices ?? []).flatMap(({ID}) => CDI_GPU.exec(ID)?.[1] ?? [])
  return [...new Set(told.length > 0 ? told : found)].sort()
}

/** Is API version `a` older than `b`? Versions are `major.minor`; one that is neither is older than any. */
export function isOlder(a: string, b: string): boolean {
  const [aMajor = 0, aMinor = 0] = numbers(a)
  const [bMajor = 0, bMinor = 0] = numbers(b)
  return aMajor === bMajor ? aMinor < bMinor : aMajor < bMajor
}

function numbers(version: string): readonly number[] {
  return /^\d+\.\d+$/.test(version) ? version.split('.').map(Number) : []
}
