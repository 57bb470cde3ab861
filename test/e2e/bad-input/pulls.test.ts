// Images that a task needs and that do not come: the registry does not answer, the run forbids to pull, the disk is full in the middle.
import {mkdtempSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {loadHosts} from '../../support/hosts/descriptor.js'
import {docker, killEngine, startEngine} from '../../support/hosts/engine.js'
import {runInside} from '../../support/hosts/holder.js'
import {BASE_IMAGE, loadBaseImage} from '../../support/hosts/images.js'
import {startHosts} from '../../support/hosts/start.js'
import {stopRun} from '../../support/hosts/stop.js'
import type {TestHosts} from '../../support/hosts/test-hosts.js'
import {TestRegistry} from '../../support/registry.js'
import {Stage} from '../session/stage.js'
import {expectRefusal} from './scene.js'

const DISK_MIB = 64
const IMAGE_MIB = 96

describe('task run, of images that do not come', function () {
  this.timeout(300_000)
  let small: TestHosts
  let registry: TestRegistry
  let stage: Stage

  before(async () => {
    registry = await TestRegistry.start()
    small = await hostWithDiskOf(DISK_MIB)
    stage = await Stage.open([], {DOCKER_HOST: `unix://${small.local.socketPath}`, DOCKER_CONFIG: registry.dockerConfig})
    await stage.session.text('instance', 'join', 'local')
  })

  after(async () => {
    await stage?.close()
    if (small) await stopRun(small)
    registry?.stop()
  })

  const runs = (image: string, ...flags: readonly string[]) => ['task', 'run', '--image', image, '--memory', '16', ...flags, '--', 'true']
  const usedMiB = async () => Number((await runInside(small.local, ['df', '--output=used', '-BM', dataOf(small)])).match(/\d+/)?.[0])

  it('since the disk is full in the middle: what was pulled is gone, and other tasks run', async () => {
    const image = await pushed(registry, 'big:1', `dd if=/dev/urandom of=/big bs=1M count=${IMAGE_MIB}`)
    const before = await usedMiB()

    const error = await expectRefusal(stage.scene, runs(image), {
      code: 'CannotPullContainerError',
      exitCode: 7,
      said: /no space left on device/,
    })

    expect(error.message).to.contain(image)
    expect(await docker(small.local, 'ps', '-aq')).to.equal('')
    expect(await stage.session.berth(...runs(BASE_IMAGE))).to.include({exitCode: 0})
    expect(await usedMiB()).to.be.closeTo(before, 2)
  })

  it('since the registry does not answer, where --pull always asks it; without it what is there is used', async () => {
    await docker(small.local, 'tag', BASE_IMAGE, 'localhost:1/app:1')

    expect(await stage.session.berth(...runs('localhost:1/app:1'))).to.include({exitCode: 0})
    await expectRefusal(stage.scene, runs('localhost:1/app:1', '--pull', 'always'), {
      code: 'CannotPullContainerError',
      exitCode: 7,
      said: /refused/,
    })
  })

  it('since --pull never forbids it; the image is there all the same for who may pull', async () => {
    const image = await registry.push(small.local.socketPath, BASE_IMAGE)

    await expectRefusal(stage.scene, runs(image, '--pull', 'never'), {
      code: 'CannotPullContainerError',
      exitCode: 7,
      said: /is not on the host, and the pull policy "never" lets nothing be pulled/,
    })
    expect(await docker(small.local, 'images', '-q', image)).to.equal('')

    expect(await stage.session.berth(...runs(image, '--pull', 'missing'))).to.include({exitCode: 0})
  })

  it('and --pull always takes what the registry has by now', async () => {
    const run = async (image: string, ...flags: readonly string[]) =>
      (await stage.session.text('task', 'run', '--image', image, '--memory', '16', '--rm', ...flags, '--', 'cat', '/age')).trim()

    const image = await pushed(registry, 'aged:1', 'echo old > /age')
    expect(await run(image)).to.equal('old')
    await pushed(registry, 'aged:1', 'echo new > /age')

    expect(await run(image)).to.equal('old')
    expect(await run(image, '--pull', 'always')).to.equal('new')
  })
})

/** A local engine whose disk holds this much, with the base image. */
async function hostWithDiskOf(mib: number): Promise<TestHosts> {
  const hosts = await startHosts({names: []})
  await killEngine(hosts.local, 'SIGTERM')
  await runInside(hosts.local, ['mount', '-t', 'tmpfs', '-o', `size=${mib}m`, 'small', dataOf(hosts)])
  await startEngine(hosts.local)
  await loadBaseImage(mkdtempSync(join(hosts.folder, 'images-')), [hosts.local])
  return hosts
}

function dataOf({local}: TestHosts): string {
  return `${local.folder}/data`
}

/** An image that this script makes out of the base image, on an engine with room for it; its name in the registry. */
async function pushed(registry: TestRegistry, name: string, script: string): Promise<string> {
  const {local} = loadHosts()
  const container = (await docker(local, 'run', '-d', BASE_IMAGE, 'sh', '-c', script)).trim()
  await docker(local, 'wait', container)
  await docker(local, 'commit', container, name)
  await docker(local, 'rm', container)
  const pushedAs = await registry.push(local.socketPath, name)
  await docker(local, 'rmi', name)
  return pushedAs
}
