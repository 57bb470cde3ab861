// Files in and out of real containers that are larger than anyone would hold in memory, and copies that end in the middle.
import {expect} from 'chai'
import {extract, pack} from 'tar-stream'
import {Readable} from 'node:stream'
import {startTestEngine, type TestEngine} from '../../support/engine.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {aContainer, failureOf, soon} from '../../support/specs.js'

const MIB = 1024 * 1024
const BIG_MIB = 200
/** Beyond what lay in memory before: a few pieces on their way, and what the collector has not yet taken away. */
const MOST_MIB = 100

describe('DockerEngine, copying', function () {
  this.timeout(120_000)
  let real: TestEngine
  let name: string

  before(async () => {
    real = await startTestEngine()
    name = await aContainer(real.engine, {command: ['sh', '-c', 'sleep 600']})
  })
  after(() => real.stop())

  it('takes in and gives out more than it holds in memory', async () => {
    const meter = new MemoryMeter()

    await real.engine.putArchive(name, '/tmp', meter.over(tarOf('big', BIG_MIB)), AbortSignal.timeout(90_000))
    expect(await real.engine.pathSeen(name, '/tmp/big', soon())).to.deep.include({sizeBytes: BIG_MIB * MIB})
    const bytes = await sizeOf(meter.over(real.engine.getArchive(name, '/tmp/big', AbortSignal.timeout(90_000))))

    expect(bytes).to.equal(BIG_MIB * MIB)
    expect(meter.mostMiB, 'MiB held').to.be.lessThan(MOST_MIB)
  })

  it('stops sending what the engine refuses, and closes where it came from', async () => {
    let closed = false
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(64 * 1024)
      } finally {
        closed = true
      }
    }

    expect(await failureOf(real.engine.putArchive(name, '/none', endless(), soon()))).to.have.property('code', 'NoSuchPath')
    await waitUntil('the source to be closed', () => closed)
  })

  it('ends with what the signal gives as reason, in the middle of either way', async () => {
    const abandoned = new Error('abandoned')
    const leaving = new AbortController()
    let closed = false
    async function* leavingOne(): AsyncGenerator<Uint8Array> {
      try {
        for await (const piece of tarOf('left', BIG_MIB)) {
          yield piece
          leaving.abort(abandoned)
        }
      } finally {
        closed = true
      }
    }
    expect(await failureOf(real.engine.putArchive(name, '/tmp', leavingOne(), leaving.signal))).to.equal(abandoned)
    await waitUntil('the source to be closed', () => closed)

    const entering = new AbortController()
    const reading = (async () => {
      for await (const _ of real.engine.getArchive(name, '/tmp/big', entering.signal)) entering.abort(abandoned)
    })()
    expect(await failureOf(reading)).to.equal(abandoned)
  })

  it('tells a fault of the one who gives as that fault', async () => {
    const fault = new Error('the disk is gone')
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(512)
      throw fault
    }

    expect(await failureOf(real.engine.putArchive(name, '/tmp', broken(), soon()))).to.equal(fault)
  })
})

/** How much more memory the process has while pieces go by than before. */
class MemoryMeter {
  private readonly before = process.memoryUsage().rss
  mostMiB = 0

  async *over(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.mostMiB = Math.max(this.mostMiB, (process.memoryUsage().rss - this.before) / MIB)
      yield piece
    }
  }
}

async function* tarOf(name: string, sizeMiB: number): AsyncGenerator<Uint8Array> {
  const packed = pack()
  const entry = packed.entry({name, size: sizeMiB * MIB}, () => packed.finalize())
  const zeros = async function* () {
    for (let sent = 0; sent < sizeMiB; sent += 1) yield Buffer.alloc(MIB)
  }
  Readable.from(zeros()).pipe(entry)
  for await (const piece of packed) yield piece as Uint8Array
}

/** Bytes of the files in a tar, which is read and dropped. */
async function sizeOf(archive: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0
  for await (const entry of Readable.from(archive, {objectMode: false}).pipe(extract()))
    for await (const piece of entry) size += (piece as Uint8Array).length
  return size
}
