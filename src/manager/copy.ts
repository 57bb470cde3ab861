// Files copied into and out of a task, by docker's rules (docker container cp, read 2026-11-26). Whether its container runs is no matter.
import {ConflictError, NotFoundError} from '../errors.js'
import {type Copy, type CopySide, inContainer, lastPart, meansContents, parentOf} from '../model/copy-path.js'
import {quoted, shellWord} from '../model/names.js'
import type {Engine, Output} from '../world/engine.js'
import type {World} from '../world/world.js'
import {findTarget} from './task-target.js'

export interface CopyWanted {
  readonly cluster: string | undefined
  readonly container: string | undefined
  readonly copy: Copy
  /** A tar, where one side is `-`. */
  readonly input: AsyncIterable<Uint8Array>
}

type Local = Extract<CopySide, {kind: 'local'}>

interface Place {
  readonly engine: Engine
  /** What Docker knows the container by. */
  readonly container: string
}

/** Copies; yields what goes to standard output, which is nothing but where a tar was asked for. Throws `NoSuchPath`, `NotADirectory`. */
export async function* copyFiles(world: World, wanted: CopyWanted): Output {
  const {copy} = wanted
  const inside = copy.kind === 'out' ? copy.from : copy.to
  const target = await findTarget(world, {...wanted, task: inside.task})
  const place = {engine: await world.engines.open(target.instance.address, {}, world.signal), container: target.container.containerName}
  const path = inContainer(inside.path)
  if (copy.kind === 'in') await copyIn(world, place, copy.from, path, wanted.input)
  else if (copy.to.kind === 'local') await copyOut(world, place, path, copy.to)
  else for await (const bytes of place.engine.getArchive(place.container, path, world.signal)) yield [{stream: 'stdout', bytes}]
}

async function copyOut(world: World, {container, engine}: Place, from: string, to: Local): Promise<void> {
  // The folder itself is asked for, so that every archive has one top; of `folder/.` it is taken off.
  const path = from.replace(/(?<=.)\/\.$/, '')
  const seen = await engine.pathSeen(container, path, world.signal)
  if (!seen) throw noSuchPath(path, 'in the container')
  const there = await world.tree.kind(to.path)
  if (there === 'file' && seen.isDirectory) throw notAFolder(to.path)
  if (there === undefined && to.path.endsWith('/') && !seen.isDirectory) throw noSuchPath(to.path, 'on this machine')
  const into = there === 'folder' ? to.path : parentOf(to.path)
  if ((await world.tree.kind(into)) !== 'folder') throw noSuchPath(into, 'on this machine')
  const as = there === 'folder' ? (meansContents(from) ? '' : seen.name) : lastPart(to.path)
  await world.tree.unpack(into, engine.getArchive(container, path, world.signal), {as})
}

async function copyIn(
  world: World,
  place: Place,
  from: Exclude<CopySide, {kind: 'task'}>,
  path: string,
  input: AsyncIterable<Uint8Array>,
): Promise<void> {
  const {container, engine} = place
  const there = await engine.pathSeen(container, path, world.signal)
  if (from.kind === 'stream') {
    if (there?.isDirectory === false) throw notAFolder(path)
    return engine.putArchive(container, path, input, world.signal)
  }
  const kind = await world.tree.kind(from.path)
  if (!kind) throw noSuchPath(from.path, 'on this machine')
  if (there?.isDirectory === false && kind === 'folder') throw notAFolder(path)
  if (!there && kind === 'file' && path.endsWith('/')) throw noSuchPath(path, 'in the container')
  const into = there?.isDirectory ? path : parentOf(path)
  const as = there?.isDirectory ? (meansContents(from.path) ? '' : lastPart(world.files.resolve(from.path))) : lastPart(path)
  await engine.putArchive(container, into, world.tree.pack(from.path, {as}), world.signal)
}

function noSuchPath(path: string, where: string): NotFoundError {
  return new NotFoundError('NoSuchPath', `There is nothing at ${quoted(path)} ${where}.`, {
    suggestions: where === 'on this machine' ? [`ls -l ${shellWord(path)}`] : [`berth task exec TASK -- ls -l ${shellWord(path)}`],
  })
}

function notAFolder(path: string): ConflictError {
  return new ConflictError('NotADirectory', `${quoted(path)} is a file, and a folder cannot be copied onto it.`)
}
