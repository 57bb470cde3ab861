// Files and folders of the machine that the command runs on, as tar archives.

export interface TarOptions {
  /** What the top of the archive is called: the name that the file or folder gets; empty: its contents alone, without a folder around them. */
  readonly as: string
}

export interface LocalTree {
  /** `undefined` when nothing is there. Links are followed. */
  kind(path: string): Promise<'file' | 'folder' | undefined>
  /** A file, or a folder with all in it, as a tar; owned by root, as what is copied into a container is. */
  pack(path: string, options: TarOptions): AsyncIterable<Uint8Array>
  /**
   * Unpacks an archive into a folder, its top under another name. Nothing is written outside the folder, whatever the archive says; a single file appears
   * whole or not at all. Throws `InvalidInputError` `CannotWrite`.
   */
  unpack(folder: string, archive: AsyncIterable<Uint8Array>, options: TarOptions): Promise<void>
}
