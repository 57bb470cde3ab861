// Files and folders of this machine as tar archives, by tar-fs, which keeps what it unpacks inside the folder it is given.
import {mkdtemp, readdir, rename, rm, stat} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import type {Headers} from 'tar-fs'
import {InvalidInputError} from '../errors.js'
import {quoted, shellWord} from '../model/names.js'
import type {LocalTree, TarOptions} from '../world/local-tree.js'

export class SystemTree implements LocalTree {
  async kind(path: string): Promise<'file' | 'folder' | undefined> {
    const found = await stat(path).catch(() => undefined)
    if (!found) return undefined
    return found.isDirectory() ? 'folder' : 'file'
  }

  async *pack(path: string, {as}: TarOptions): AsyncGenerator<Uint8Array> {
    const {pack} = await import('tar-fs')
    const isFolder = (await stat(path)).isDirectory()
    const own = (header: Headers): Headers => ({...header, uid: 0, gid: 0})
    const packed = isFolder
      ? pack(path, {map: (header) => ({...own(header), name: within(as, header.name)})})
      : // `dereference`: a link that was named is what it leads to, as for docker.
        pack(dirname(path), {dereference: true, entries: [basename(path)], map: (header) => ({...own(header), name: as})})
    for await (const piece of packed) yield piece as Uint8Array
  }

  async unpack(folder: string, archive: AsyncIterable<Uint8Array>, {as}: TarOptions): Promise<void> {
    const {extract} = await import('tar-fs')
    // Beside its place, so that the last step is a rename on one disk.
    const draft = await writing(folder, () => mkdtemp(join(folder, '.berth-cp-')))
    try {
      await writing(folder, () => pipeline(Readable.from(archive, {objectMode: false}), extract(draft, {map: owned})))
      for (const name of await readdir(draft)) await writing(folder, () => settle(join(draft, name), folder, as))
    } finally {
      await rm(draft, {force: true, recursive: true})
    }
  }
}

/** What comes out of a container belongs to whoever copies it. */
function owned(header: Headers): Headers {
  return {...header, uid: process.getuid?.() ?? header.uid, gid: process.getgid?.() ?? header.gid}
}

/** The top of an archive under its new name; a folder is merged into one that is there already. */
async function settle(from: string, folder: string, as: string): Promise<void> {
  const isFolder = (await stat(from).catch(() => undefined))?.isDirectory() ?? false
  if (!isFolder) return rename(from, join(folder, as || basename(from)))
  const to = as === '' ? folder : join(folder, as)
  if (as !== '' && !(await stat(to).catch(() => undefined))) return rename(from, to)
  for (const name of await readdir(from)) await settle(join(from, name), to, name)
}

/** The name in the archive of something in the folder that is packed. */
function within(as: string, name: string): string {
  const inner = name === '.' ? '' : name
  return [as, inner].filter(Boolean).join('/') || '.'
}

async function writing<T>(folder: string, deed: () => Promise<T>): Promise<T> {
  try {
    return await deed()
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && 'syscall' in cause)) throw cause
    throw new InvalidInputError('CannotWrite', `Nothing can be written into ${quoted(folder)}: ${String(cause.code)}.`, {
      cause,
      suggestions: [`ls -ld ${shellWord(folder)}`, `df -h ${shellWord(folder)}`],
    })
  }
}
