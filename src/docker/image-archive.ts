// Images that are put together here, as `docker save` writes them (image-spec v1.2 of Docker, read 2026-11-27). The same files make the same bytes, and so one image
// id everywhere. Nothing is held in memory whole: a layer is read once for its digest and once more as it is sent.
import {createHash} from 'node:crypto'
import type {Pack} from 'tar-stream'
import {type AssembledImage, fileOf, type ImageFile} from '../world/assembled-image.js'

/** A trailing slash makes it a folder. */
type Entry = ImageFile

const FOLDER_MODE = 0o755

/** The archive of one image, under its reference. */
export async function* imageArchive({architecture, entryPoint, layers, reference}: AssembledImage): AsyncGenerator<Uint8Array> {
  const packed = await Promise.all(layers.map((files, index) => layerEntry(`layer${index}.tar`, files)))
  const config = {
    architecture,
    config: {Entrypoint: entryPoint},
    created: '1970-01-01T00:00:00Z',
    os: 'linux',
    rootfs: {diff_ids: packed.map(({digest}) => `sha256:${digest}`), type: 'layers'},
  }
  const manifest = [{Config: 'config.json', Layers: packed.map(({entry}) => entry.path), RepoTags: [reference]}]
  yield* archiveOf([
    ...packed.map(({entry}) => entry),
    fileOf('config.json', 0o644, JSON.stringify(config)),
    fileOf('manifest.json', 0o644, JSON.stringify(manifest)),
  ])
}

/** A tar without a trace of when and by whom it was made; all of it belongs to root. */
export async function* archiveOf(entries: readonly Entry[]): AsyncGenerator<Uint8Array> {
  // Loaded here: most commands never need it.
  const {pack} = await import('tar-stream')
  const packed = pack()
  const filling = fill(packed, entries).catch((error: unknown) => {
    packed.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  for await (const piece of packed) yield piece as Uint8Array
  await filling
}

async function fill(packed: Pack, entries: readonly Entry[]): Promise<void> {
  for (const {content, mode, path, sizeBytes} of entries) {
    const type = path.endsWith('/') ? 'directory' : 'file'
    await new Promise<void>((resolve, reject) => {
      const header = {name: path, type, mode, mtime: new Date(0), uid: 0, gid: 0, size: sizeBytes} as const
      const sink = packed.entry(header, (error) => (error ? reject(error) : resolve()))
      sink.on('error', reject)
      if (type === 'file') feed(sink, content).catch(reject)
    })
  }
  packed.finalize()
}

async function feed(sink: NodeJS.WritableStream, content: () => AsyncIterable<Uint8Array>): Promise<void> {
  for await (const bytes of content()) if (!sink.write(bytes)) await new Promise((resolve) => sink.once('drain', resolve))
  sink.end()
}

/** A layer as a file of the archive, and the digest that names it. */
async function layerEntry(path: string, files: readonly ImageFile[]): Promise<{readonly entry: Entry; readonly digest: string}> {
  const entries = withFolders(files)
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const piece of archiveOf(entries)) {
    hash.update(piece)
    sizeBytes += piece.length
  }
  return {entry: {path, mode: 0o644, sizeBytes, content: () => archiveOf(entries)}, digest: hash.digest('hex')}
}

/** The folders that they lie in come before them: an engine makes those that are not told with rights of its own choice. */
function withFolders(files: readonly ImageFile[]): readonly Entry[] {
  const folders = new Set(files.flatMap(({path}) => path.split('/').map((_, index, parts) => parts.slice(0, index).join('/'))))
  folders.delete('')
  const made = [...folders].sort().map((path): Entry => ({path: `${path}/`, mode: FOLDER_MODE, sizeBytes: 0, content: nothing}))
  return [...made, ...files]
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
