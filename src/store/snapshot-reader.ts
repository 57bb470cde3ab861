// The snapshot in the state file, parsed once as long as the file stays the same.
import {closeSync, fstatSync, openSync, readFileSync, readSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import {named, readFault, systemCode} from './faults.js'
import {type FileIdentity, identityOf, sameFile} from './replace-file.js'
import {refuseUnsafe} from './safety.js'
import {decodeState, SEAL_BYTES, type StateDocument} from './state-document.js'

interface Seen {
  readonly identity: FileIdentity
  readonly seal: Buffer
  readonly document: StateDocument
}

/** Reads one path again and again. Reading is done at one blow: there is nothing to wait for but a local disk. */
export class SnapshotReader {
  #seen: Seen | undefined

  /**
   * What the file holds now; `undefined` when there is none. The very same document while the file is the same. Throws `StateError`:
   * `StateNotReadable`, `StateUnsafe`, `StateTooNew`, `StateCorrupt`.
   */
  read(path: string): StateDocument | undefined {
    try {
      return this.#readOpen(path)
    } catch (error) {
      throw readFault(error, named('state file', path), path)
    }
  }

  /** Bytes of the file that was read or written last. */
  get size(): number {
    return Number(this.#seen?.identity.size ?? 0n)
  }

  /** Takes a document that was just written as read. */
  remember(document: StateDocument, seal: Buffer, identity: FileIdentity): void {
    this.#seen = {document, identity, seal}
  }

  #readOpen(path: string): StateDocument | undefined {
    const file = openIfThere(path)
    if (file === undefined) return undefined
    try {
      const stats = fstatSync(file, {bigint: true})
      refuseUnsafe(stats, path, named('state file', path))
      refuseUnsafe(statSync(dirname(path), {bigint: true}), dirname(path), named('folder of the state', dirname(path)))
      return this.#readSafe(file, identityOf(stats), path)
    } finally {
      closeSync(file)
    }
  }

  #readSafe(file: number, identity: FileIdentity, path: string): StateDocument {
    const seal = Buffer.alloc(SEAL_BYTES)
    readSync(file, seal, 0, SEAL_BYTES, 0)
    // The identity alone would not do: three writes within one tick of the file system's clock may come back to the same inode.
    if (this.#seen && sameFile(this.#seen.identity, identity) && this.#seen.seal.equals(seal)) return this.#seen.document
    const document = decodeState(readFileSync(file), path)
    this.remember(document, seal, identity)
    return document
  }
}

/** A descriptor of the file; `undefined` where there is none. Throws the system's error. */
export function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}
