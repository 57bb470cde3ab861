import {createHash} from 'node:crypto'
import {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {expect} from 'chai'
import {extract} from 'tar-stream'
import {fileOf} from '../world/assembled-image.js'
import {archiveOf, imageArchive} from './image-archive.js'

const IMAGE = {
  reference: 'berth:test',
  architecture: 'amd64',
  entryPoint: ['/usr/bin/program'],
  layers: [[fileOf('usr/bin/program', 0o755, 'x'.repeat(100_000))], [fileOf('etc/passwd', 0o644, 'root'), fileOf('etc/group', 0o600, '')]],
}

interface Found {
  readonly name: string
  readonly mode: number | undefined
  readonly type: string | null | undefined
  readonly bytes: Buffer
}

async function found(archive: AsyncIterable<Uint8Array>): Promise<readonly Found[]> {
  const entries: Found[] = []
  for await (const entry of Readable.from(archive).pipe(extract())) {
    const pieces: Buffer[] = []
    for await (const piece of entry) pieces.push(piece as Buffer)
    entries.push({name: entry.header.name, mode: entry.header.mode, type: entry.header.type, bytes: Buffer.concat(pieces)})
  }
  return entries
}

function only(entries: readonly Found[], name: string): Buffer {
  const entry = entries.find((one) => one.name === name)
  if (!entry) throw new Error(`There is no ${name}.`)
  return entry.bytes
}

describe('imageArchive', () => {
  it('names each layer by the digest of its bytes, the lowest first', async () => {
    const entries = await found(imageArchive(IMAGE))
    const [{Config: config, Layers: layers, RepoTags: tags}] = JSON.parse(only(entries, 'manifest.json').toString())
    const {rootfs, config: started} = JSON.parse(only(entries, config).toString())

    expect(tags).to.deep.equal(['berth:test'])
    expect(started).to.deep.equal({Entrypoint: ['/usr/bin/program']})
    expect(rootfs.diff_ids).to.deep.equal(
      layers.map((layer: string) => `sha256:${createHash('sha256').update(only(entries, layer)).digest('hex')}`),
    )
    expect((await found(archive(only(entries, layers[0])))).map(({name, type, mode}) => [name, type, mode])).to.deep.equal([
      ['usr/', 'directory', 0o755],
      ['usr/bin/', 'directory', 0o755],
      ['usr/bin/program', 'file', 0o755],
    ])
    expect((await found(archive(only(entries, layers[1])))).map(({name, mode}) => [name, mode])).to.deep.equal([
      ['etc/', 0o755],
      ['etc/passwd', 0o644],
      ['etc/group', 0o600],
    ])
  })

  it('is the same to the byte whenever it is made', async () => {
    const once = async () => buffer(imageArchive(IMAGE))

    expect((await once()).equals(await once())).to.equal(true)
  })

  it('ends with the failure of a file that cannot be read', async () => {
    const broken = {
      ...fileOf('a', 0o644, 'a'),
      content: (): AsyncIterable<Uint8Array> => ({
        [Symbol.asyncIterator]: () => ({next: () => Promise.reject(new Error('gone'))}),
      }),
    }
    const failure = await buffer(archiveOf([broken])).catch((error: Error) => error.message)

    expect(failure).to.equal('gone')
  })
})

async function* archive(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}
