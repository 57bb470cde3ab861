// What an engine keeps besides containers, and files inside of those: each method one call of the Engine API, or a few for what it has no call for; none retried.
import type {KeptRecord} from '../model/kept-record.js'
import type {InstanceMark} from '../model/ownership.js'
import type {AssembledImage} from '../world/assembled-image.js'
import type {Engine, ImageSeen, PathSeen, PullOptions, VolumeSpec} from '../world/engine.js'
import {getArchive, pathSeen, putArchive} from './archives.js'
import type {VersionJson} from './facts.js'
import {image, loadAssembled, loadImage, loadPauseImage, pull, removeImage, tagImage} from './images.js'
import {dropRecord, keepRecord, keptRecords, marks, removeMark, writeMark} from './records.js'
import {createVolume, removeVolume, volume} from './volumes.js'
import type {Wire} from './wire.js'

type Holdings = Pick<
  Engine,
  | 'image'
  | 'pull'
  | 'loadImage'
  | 'loadAssembled'
  | 'removeImage'
  | 'loadPauseImage'
  | 'tagImage'
  | 'pathSeen'
  | 'getArchive'
  | 'putArchive'
  | 'volume'
  | 'createVolume'
  | 'removeVolume'
  | 'writeMark'
  | 'marks'
  | 'removeMark'
  | 'keptRecords'
  | 'keepRecord'
  | 'dropRecord'
>

export class DockerHoldings implements Holdings {
  constructor(
    protected readonly wire: Wire,
    /** What the engine answered to `/version` when it was opened; it is not asked again. */
    protected readonly version: VersionJson,
  ) {}

  image(reference: string, signal: AbortSignal): Promise<ImageSeen | undefined> {
    return image(this.wire, reference, signal)
  }

  pull(reference: string, options: PullOptions, signal: AbortSignal): Promise<void> {
    return pull(this.wire, reference, options, signal)
  }

  loadImage(archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    return loadImage(this.wire, archive, signal)
  }

  loadAssembled(assembled: AssembledImage, signal: AbortSignal): Promise<void> {
    return loadAssembled(this.wire, assembled, signal)
  }

  removeImage(reference: string, signal: AbortSignal): Promise<void> {
    return removeImage(this.wire, reference, signal)
  }

  loadPauseImage(signal: AbortSignal): Promise<void> {
    return loadPauseImage(this.wire, this.version, signal)
  }

  tagImage(imageId: string, reference: string, signal: AbortSignal): Promise<void> {
    return tagImage(this.wire, imageId, reference, signal)
  }

  pathSeen(container: string, path: string, signal: AbortSignal): Promise<PathSeen | undefined> {
    return pathSeen(this.wire, container, path, signal)
  }

  getArchive(container: string, path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return getArchive(this.wire, container, path, signal)
  }

  putArchive(container: string, path: string, archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    return putArchive(this.wire, container, path, archive, signal)
  }

  volume(name: string, signal: AbortSignal): Promise<VolumeSpec | undefined> {
    return volume(this.wire, name, signal)
  }

  createVolume(spec: VolumeSpec, signal: AbortSignal): Promise<void> {
    return createVolume(this.wire, spec, signal)
  }

  removeVolume(name: string, signal: AbortSignal): Promise<void> {
    return removeVolume(this.wire, name, signal)
  }

  writeMark(record: InstanceMark, signal: AbortSignal): Promise<void> {
    return writeMark(this.wire, record, signal)
  }

  marks(signal: AbortSignal): Promise<readonly InstanceMark[]> {
    return marks(this.wire, signal)
  }

  removeMark(record: InstanceMark, signal: AbortSignal): Promise<void> {
    return removeMark(this.wire, record, signal)
  }

  keptRecords(signal: AbortSignal): Promise<readonly KeptRecord[]> {
    return keptRecords(this.wire, signal)
  }

  keepRecord(record: KeptRecord, signal: AbortSignal): Promise<void> {
    return keepRecord(this.wire, record, signal)
  }

  dropRecord(record: KeptRecord, signal: AbortSignal): Promise<void> {
    return dropRecord(this.wire, record, signal)
  }
}
