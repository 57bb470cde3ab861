// The containers of an engine in memory, and what happens to them. Their programs are those of `fake-programs.ts`.
import {EngineError, NotFoundError} from '../../src/errors.js'
import {cpuWeight} from '../../src/model/container-limits.js'
import type {ContainerUpdate} from '../../src/model/container-update.js'
import type {ContainerLimits, ContainerSeen, PublishedPort} from '../../src/model/observation.js'
import {timestamp} from '../../src/model/time.js'
import type {ContainerSpec} from '../../src/world/container-spec.js'
import type {EngineEvent, LogOptions, Output, OutputChunk} from '../../src/world/engine.js'
import {type Run, runProgram} from './fake-programs.js'
import {Queue} from './queue.js'

const FIRST_DYNAMIC_PORT = 32_768
const KILLED = 137
const BYTES_PER_MIB = 1024 * 1024

/** Of a task, or of a controller. */
export type FakeSpec = Omit<ContainerSpec, 'owner'> & Pick<ContainerSeen, 'controller' | 'owner'>

export interface FakeContainer {
  readonly seen: ContainerSeen
  readonly spec: FakeSpec
  readonly output: Queue<OutputChunk>
  readonly run?: Run
}

export class FakeContainers {
  /** What has happened to all of them. */
  readonly events = new Queue<EngineEvent>()
  private readonly containers = new Map<string, FakeContainer>()
  private made = 0
  private taken = 0

  /** The newest first. */
  all(): readonly FakeContainer[] {
    return [...this.containers.values()].reverse()
  }

  /** By name or id. */
  find(container: string): FakeContainer | undefined {
    return this.containers.get(container) ?? [...this.containers.values()].find(({seen}) => seen.name === container)
  }

  the(container: string): FakeContainer {
    const one = this.find(container)
    if (!one) throw new NotFoundError('NoSuchContainer', `There is no container "${container}".`)
    return one
  }

  create(spec: FakeSpec, imageId: string): string {
    if (this.find(spec.name)) throw new EngineError('NameTaken', `There is a container "${spec.name}" already.`)
    this.made += 1
    const runtimeId = this.made.toString(16).padStart(64, '0')
    const seen: ContainerSeen = {
      runtimeId,
      name: spec.name,
      image: spec.image,
      imageId,
      ...(spec.owner ? {owner: spec.owner} : {}),
      ...(spec.controller ? {controller: spec.controller} : {}),
      createdAt: now(),
      status: 'created',
      outOfMemory: false,
      error: '',
      terminal: spec.terminal ?? false,
      ports: [],
      memoryMiB: spec.memoryMiB ?? spec.memoryReservationMiB ?? 0,
      command: spec.command ?? [],
      limits: limitsOf(spec),
      restartPolicy: spec.controller ? 'unless-stopped' : 'no',
      restartCount: 0,
    }
    this.containers.set(runtimeId, {seen, spec, output: new Queue()})
    this.tell('create', seen)
    return runtimeId
  }

  start(container: string): void {
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

  signal(container: string, name: string): void {
    const one = this.find(container)
    if (one?.seen.status !== 'running') return
    const code = name === 'SIGKILL' ? KILLED : name === 'SIGTERM' ? one.run?.onTerm : undefined
    if (code !== undefined) this.finish(one, code)
  }

  stop(container: string): void {
    const one = this.find(container)
    if (one?.seen.status === 'running') this.finish(one, one.run?.onTerm ?? KILLED)
  }

  /** As Docker: what is 0 is taken for not said. */
  update(container: string, {restartPolicy, ...limits}: ContainerUpdate): void {
    const one = this.the(container)
    const said = Object.fromEntries(Object.entries(limits).filter(([, value]) => value))
    this.put({...one, seen: {...one.seen, limits: {...one.seen.limits, ...said}, restartPolicy: restartPolicy ?? one.seen.restartPolicy}})
  }

  remove(container: string): void {
    const one = this.find(container)
    if (!one) return
    if (one.seen.status === 'running') this.finish(one, KILLED)
    this.containers.delete(one.seen.runtimeId)
    this.tell('destroy', one.seen)
  }

  /** Returns when it does not run. */
  async ended(container: string, signal: AbortSignal): Promise<void> {
    const {output, seen} = this.the(container)
    if (seen.status === 'running') for await (const _ of output.read(output.length, signal));
  }

  async *logs(container: string, options: LogOptions, signal: AbortSignal): Output {
    const {output} = this.the(container)
    const end = options.follow ? Number.POSITIVE_INFINITY : output.length
    const from = options.tail === undefined ? 0 : Math.max(0, output.length - options.tail)
    if (from >= end) return
    let place = from
    for await (const chunk of output.read(from, signal)) {
      if (!isBefore(chunk.at, options.since)) yield [chunk]
      place += 1
      if (place >= end) return
    }
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

  private publish(spec: FakeSpec): readonly PublishedPort[] {
    const taken = [...this.containers.values()].flatMap(({seen}) => seen.ports)
    let next = FIRST_DYNAMIC_PORT
    return spec.ports.map(({containerPort, hostPort, protocol}) => {
      while (taken.some((one) => one.hostPort === next)) next += 1
      const port = hostPort || next++
      if (taken.some((one) => one.hostPort === port && one.protocol === protocol))
        throw new EngineError('PortTaken', `Port ${port} is taken.`)
      return {ip: '0.0.0.0', hostPort: port, containerPort, protocol}
    })
  }

  private tell(action: string, {runtimeId, name}: ContainerSeen): void {
    this.events.push({at: now(), type: 'container', action, subject: runtimeId, attributes: {name}})
  }
}

function limitsOf({cpuCores = 0, cpuShares, memoryAndSwapMiB, memoryMiB = 0, memoryReservationMiB = 0}: FakeSpec): ContainerLimits {
  return {
    cpuShares: cpuShares === undefined ? 0 : cpuWeight(cpuShares),
    cpuCores,
    memoryBytes: memoryMiB * BYTES_PER_MIB,
    memoryReservationBytes: memoryReservationMiB * BYTES_PER_MIB,
    memoryAndSwapBytes: (memoryAndSwapMiB ?? memoryMiB * 2) * BYTES_PER_MIB,
  }
}

/** Moments of one width compare as texts do. */
function isBefore(at: string | undefined, since: string | undefined): boolean {
  return at !== undefined && since !== undefined && at < `${since.slice(0, -1).padEnd(29, '0')}Z`
}

function now(): string {
  return timestamp(Date.now())
}
