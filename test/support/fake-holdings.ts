// What the fake engine keeps besides containers: volumes, records of the state, and the files that were put into containers.
import {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {extract, pack} from 'tar-stream'
import {keptLabels, keptRecord, keptVolume, type Labels, volumeLabels} from '../../src/docker/labels.js'
import {ConflictError, EngineError, NotFoundError} from '../../src/errors.js'
import type {KeptRecord} from '../../src/model/kept-record.js'
import type {PathSeen, VolumeSpec} from '../../src/world/engine.js'

/** What Docker's own volume driver knows. */
const LOCAL_OPTIONS = new Set(['device', 'o', 'size', 'type'])

export class FakeVolumes {
  private readonly volumes = new Map<string, VolumeSpec>()

  get(name: string): VolumeSpec | undefined {
    return this.volumes.get(name)
  }

  create({driver, driverOptions, labels, name, owner}: VolumeSpec): void {
    if (driver !== 'local' || !Object.keys(driverOptions).every((option) => LOCAL_OPTIONS.has(option)))
      throw new EngineError('CannotCreateVolumeError', `Volume "${name}" cannot be made: there is no driver for it.`)
    const all = {...labels, ...(owner ? volumeLabels(owner) : {})}
    if (!this.volumes.has(name)) this.volumes.set(name, {name, driver, driverOptions, labels: all})
  }

  /** `user` is the container that has it. */
  remove(name: string, user?: string): void {
    if (user !== undefined) throw new ConflictError('VolumeInUse', `Volume "${name}" cannot be removed: container "${user}" has it.`)
    this.volumes.delete(name)
  }
}

/** Records as labels of volumes, as an engine keeps them. */
export class FakeRecords {
  private readonly volumes = new Map<string, Labels>()

  all(): readonly KeptRecord[] {
    return [...this.volumes].flatMap(([name, labels]) => keptRecord(name, labels) ?? [])
  }

  keep(record: KeptRecord): void {
    this.volumes.set(keptVolume(record), keptLabels(record))
  }

  drop(record: KeptRecord): void {
    this.volumes.delete(keptVolume(record))
  }
}

/** Files by container and path; folders are those that files are in, and a few that every image has. */
export class FakeFiles {
  private readonly files = new Map<string, Buffer>()

  seen(container: string, path: string): PathSeen | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const file = this.files.get(`${container}:${path}`)
    if (file) return {name, sizeBytes: file.length, isDirectory: false}
    return path === '/' || path === '/tmp' ? {name: name || '/', sizeBytes: 4096, isDirectory: true} : undefined
  }

  async *get(container: string, path: string): AsyncGenerator<Uint8Array> {
    const file = this.files.get(`${container}:${path}`)
    if (!file) throw new NotFoundError('NoSuchPath', `Container "${container}" has nothing at "${path}".`)
    const packed = pack()
    packed.entry({name: path.slice(path.lastIndexOf('/') + 1)}, file)
    packed.finalize()
    for await (const piece of packed) yield piece as Uint8Array
  }

  async put(container: string, path: string, archive: AsyncIterable<Uint8Array>): Promise<void> {
    if (!this.seen(container, path)?.isDirectory)
      throw new NotFoundError('NoSuchPath', `Container "${container}" has nothing at "${path}".`)
    for (const [name, bytes] of await entriesOf(archive)) this.files.set(`${container}:${path === '/' ? '' : path}/${name}`, bytes)
  }
}

/** The files of a tar by their names. */
export async function entriesOf(archive: AsyncIterable<Uint8Array>): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>()
  for await (const entry of Readable.from(archive, {objectMode: false}).pipe(extract())) found.set(entry.header.name, await buffer(entry))
  return found
}
