// Ports of this machine that lead into a container, over the connection that there is to its host.
import {pipeline} from 'node:stream/promises'
import {ConflictError, KnownError} from '../errors.js'
import type {ForwardedPort} from '../model/forward-ports.js'
import {hostText} from '../model/host-address.js'
import type {ContainerSeen} from '../model/observation.js'
import {PAUSE_CONTAINER, runDocument} from '../model/run-document.js'
import {the} from '../model/state.js'
import type {Reached, ReachTarget} from '../world/connections.js'
import type {Engine} from '../world/engine.js'
import type {LocalPort} from '../world/local-ports.js'
import type {World} from '../world/world.js'
import {findTarget, runningTarget, type Target, type TargetWanted} from './task-target.js'

export interface ForwardWanted extends TargetWanted {
  readonly ports: readonly ForwardedPort[]
  /** Of this machine. */
  readonly address: string
}

/** A port that leads to the container. */
export interface Forwarding {
  readonly local: {readonly address: string; readonly port: number}
  readonly containerPort: number
}

export interface Forwardings {
  readonly open: readonly Forwarding[]
  /** Returns when the container has stopped, or the person has left by Ctrl-C; nothing listens any more. */
  ended(): Promise<void>
}

/** Listens at each of the ports; each connection is one to the container. Throws `TaskNotRunning`, `PortTaken`, `PortNotReachable`. */
export async function forwardPorts(world: World, wanted: ForwardWanted): Promise<Forwardings> {
  const target = await findTarget(world, wanted)
  const {engine, seen} = await runningTarget(world, target)
  for (const {containerPort} of wanted.ports) await placeOf(engine, target, seen, containerPort, world.signal)
  const listening: LocalPort[] = []
  const close = async () => {
    for (const port of listening) port.close()
    await world.connections.endReaching()
  }
  try {
    for (const {containerPort, localPort} of wanted.ports)
      listening.push(
        await world.localPorts.listen(wanted.address, localPort, (connection) => void pass(world, target, containerPort, connection)),
      )
  } catch (error) {
    await close()
    throw error
  }
  return {
    open: listening.map(({address, port}, index) => ({local: {address, port}, containerPort: wanted.ports[index]?.containerPort ?? 0})),
    ended: () => untilOver(world, engine, target).finally(close),
  }
}

/** One connection from its beginning to its end, in both directions. What goes wrong is told, and is no matter for the others. */
async function pass(world: World, target: Target, containerPort: number, connection: NodeJS.ReadWriteStream): Promise<void> {
  try {
    const {engine, seen} = await runningTarget(world, target)
    const reached = await reach(world, engine, target, seen, containerPort)
    await Promise.allSettled([pipeline(connection, reached.stream), pipeline(reached.stream, connection)])
    const failure = await reached.failure
    if (failure) throw failure
  } catch (error) {
    if (connection instanceof Object && 'destroy' in connection && typeof connection.destroy === 'function') connection.destroy()
    if (!(error instanceof KnownError)) throw error
    if (!world.signal.aborted) world.reporter.note(`port ${containerPort}: ${error.message}`)
  }
}

async function reach(world: World, engine: Engine, target: Target, seen: ContainerSeen, containerPort: number): Promise<Reached> {
  return world.connections.reach(target.instance.address, await placeOf(engine, target, seen, containerPort, world.signal), world.signal)
}

/**
 * Where the port of the container is found: on its host's own network, at the container's address, or at that of the container whose network it shares.
 * Through an engine that is reached by TCP nothing leads to its containers: there only a published port can be reached. Throws `PortNotReachable`.
 */
async function placeOf(
  engine: Engine,
  target: Target,
  seen: ContainerSeen,
  containerPort: number,
  signal: AbortSignal,
): Promise<ReachTarget> {
  const {instance, state, task} = target
  const {networkMode} = runDocument(the(state.definitions, task.definitionId).document, task.override)
  const pauseName = networkMode === 'awsvpc' ? task.containers.find(({name}) => name === PAUSE_CONTAINER)?.containerName : undefined
  const networked = (pauseName && (await engine.inspect(pauseName, signal))) || seen
  if (instance.address.kind === 'tcp') {
    const published =
      networkMode === 'host' ? containerPort : networked.ports.find((port) => port.containerPort === containerPort)?.hostPort
    if (published !== undefined) return {host: instance.address.host.replace(/^\[(.*)\]$/, '$1'), port: published}
    throw notReachable(
      target,
      `it is not published, and nothing but published ports leads through ${hostText(instance.address)}`,
      containerPort,
    )
  }
  if (networkMode === 'host') return {host: '127.0.0.1', port: containerPort}
  if (networked.address !== undefined) return {host: networked.address, port: containerPort}
  throw notReachable(target, 'its container has no network', containerPort)
}

function notReachable({task}: Target, why: string, containerPort: number): ConflictError {
  return new ConflictError('PortNotReachable', `Port ${containerPort} of task ${task.id} cannot be reached: ${why}.`, {
    suggestions: [`berth task describe ${task.id}`],
  })
}

/** The first Ctrl-C ends it well: nothing was begun that must be undone. */
async function untilOver(world: World, engine: Engine, {container}: Target): Promise<void> {
  const leaving = new AbortController()
  const release = world.signals.takeOver(() => leaving.abort())
  try {
    await engine.wait(container.containerName, AbortSignal.any([world.signal, leaving.signal]))
    world.reporter.outcome(`container ${container.name} has stopped`)
  } catch (error) {
    if (!leaving.signal.aborted) throw error
  } finally {
    release()
  }
}
