// An image that is put together of files, where no registry is at hand.

/** A file of an image, or of a volume that a container is made with. Its content is the same each time it is opened. */
export interface ImageFile {
  /** From the root, without a slash before it. */
  readonly path: string
  readonly mode: number
  readonly sizeBytes: number
  content(): AsyncIterable<Uint8Array>
}

export interface AssembledImage {
  /** Names this content and no other. */
  readonly reference: string
  /** As engines call it: `amd64`, `arm64`... */
  readonly architecture: string
  readonly entryPoint: readonly string[]
  /** The lowest first. The files of each belong to root and bear no time, so that the same files are the same layer everywhere. */
  readonly layers: readonly (readonly ImageFile[])[]
}

/** This very program as an image. */
export interface OwnImage {
  /**
   * Node.js, the program, ssh and a shell, with the libraries that they load, all from the machine that the command runs on. Throws `ConflictError` `ClientNotLinux`
   * where that is none whose programs run in a container, and `UnreachableError` `SshMissing`.
   */
  assemble(signal: AbortSignal): Promise<AssembledImage>
}

/** A file whose content is at hand. */
export function fileOf(path: string, mode: number, content: Uint8Array | string): ImageFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return {
    path,
    mode,
    sizeBytes: bytes.length,
    async *content() {
      yield bytes
    },
  }
}
