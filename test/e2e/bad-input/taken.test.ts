// What stands in the way of a task: ports that others hold, images that nobody has.
import {once} from 'node:events'
import {type AddressInfo, createServer} from 'node:net'
import {expect} from 'chai'
import {docker} from '../../support/hosts/engine.js'
import {resetHosts} from '../../support/hosts/stop.js'
import {expectRefusal, expectRefused, Scene} from './scene.js'

describe('what stands in the way of a task', function () {
  this.timeout(60_000)
  let scene: Scene

  before(async () => {
    scene = await Scene.open()
    await resetHosts(scene.hosts)
    await scene.session.json('instance', 'join', 'local', '--name', 'local')
  })

  after(async () => {
    await resetHosts(scene.hosts)
    await scene.close()
  })

  it('is a port that a foreign container holds: nothing is placed, and it is named', async () => {
    const port = await freePort()
    await docker(scene.hosts.local, 'run', '-d', '--name', 'stranger', '-p', `${port}:80`, 'busybox:test', 'sleep', '600')

    const refused = {
      code: 'NoInstanceFits',
      exitCode: 5,
      said: new RegExp(`\\nlocal: .*${port}.*stranger`),
      suggests: 'berth instance list -c prod',
    }
    await expectRefused(scene, ['task', 'run', '--image', 'busybox:test', '--memory', '32', '-p', `${port}:80`, '--detach'], refused)

    expect(await docker(scene.hosts.local, 'ps', '--format', '{{.Names}}')).to.equal('stranger\n')
  })

  it('is a port that another program holds: the engine refuses, and no container is left', async () => {
    const server = createServer().listen(0, '0.0.0.0')
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    const before = await docker(scene.hosts.local, 'ps', '-aq')

    try {
      const refused = {
        code: 'PortTaken',
        exitCode: 7,
        said: new RegExp(`^Task [0-9a-f]{32} did not start: PortTaken: Port ${port} of .* is taken`),
        suggests: /^berth task describe /m,
      }
      await expectRefusal(scene, ['task', 'run', '--image', 'busybox:test', '--memory', '32', '-p', `${port}:80`, '--detach'], refused)
    } finally {
      server.close()
    }

    expect(await docker(scene.hosts.local, 'ps', '-aq')).to.equal(before)
  })

  for (const [what, image] of [
    ['a registry that nobody runs', '127.0.0.1:1/nowhere/image:1'],
    ['a registry without an address', 'registry.invalid/nowhere/image:1'],
  ] as const)
    it(`is an image of ${what}: the pull is told, and no container is left`, async () => {
      const before = await docker(scene.hosts.local, 'ps', '-aq')

      const refused = {
        code: 'CannotPullContainerError',
        exitCode: 7,
        said: `did not start: CannotPullContainerError: Image "${image}" cannot be pulled on`,
        suggests: /^berth task describe /m,
      }
      await expectRefusal(scene, ['task', 'run', '--image', image, '--memory', '32'], refused)

      expect(await docker(scene.hosts.local, 'ps', '-aq')).to.equal(before)
      expect(await scene.session.json('task', 'list')).to.have.deep.property('tasks', [])
    })

  it('is a program that the image does not have: told by its name', async () => {
    const refused = {
      code: 'CannotStartContainerError',
      exitCode: 7,
      said: /did not start: CannotStartContainerError: .*no-such-program/,
      suggests: /^berth task describe /m,
    }
    await expectRefusal(scene, ['task', 'run', '--image', 'busybox:test', '--memory', '32', '--', 'no-such-program'], refused)
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
