// A host that cannot be reached, or whose engine cannot be used: told apart, and nothing touched.
import {readFileSync, writeFileSync} from 'node:fs'
import type {RequestListener} from 'node:http'
import {join} from 'node:path'
import {expect} from 'chai'
import {killEngine, startEngine} from '../../support/hosts/engine.js'
import {allowSsh, mend, refuseSsh} from '../../support/hosts/faults.js'
import {acceptKey, changeHostKey, refuseKey, restoreHostKey} from '../../support/hosts/sshd.js'
import {resetHosts} from '../../support/hosts/stop.js'
import {sshHost, type SshTestHost} from '../../support/hosts/test-hosts.js'
import {engineOf, startWireServer} from '../../support/wire-servers.js'
import {expectRefusal, expectRefused, type Refused, Scene} from './scene.js'

describe('a host that cannot be reached', function () {
  this.timeout(60_000)
  let scene: Scene
  let web2: SshTestHost

  before(async () => {
    scene = await Scene.open()
    await resetHosts(scene.hosts)
    web2 = sshHost(scene.hosts, 'web2')
  })

  after(async () => {
    await mend(web2)
    await scene.close()
  })

  const refuseToJoin = (host: string, refused: Refused) => expectRefused(scene, ['instance', 'join', host], refused)

  it('is unknown when its name leads to no address', async () => {
    await refuseToJoin('ssh://nowhere.invalid', {
      code: 'HostUnknown',
      exitCode: 6,
      said: 'The host "ssh://nowhere.invalid" has a name that leads to no address.',
      suggests: 'getent hosts nowhere.invalid',
    })
  })

  it('says that it refused every key', async () => {
    refuseKey(web2)

    await refuseToJoin('ssh://web2', {
      code: 'SshRefused',
      exitCode: 6,
      said: 'The host "ssh://web2" refused the login',
      suggests: /^ssh .*web2 docker version$/m,
    })

    acceptKey(web2)
  })

  it('is not trusted when it shows another host key than it is known by', async () => {
    await changeHostKey(web2)

    await refuseToJoin('ssh://web2', {
      code: 'HostKeyChanged',
      exitCode: 6,
      said: 'The host "ssh://web2" shows another host key',
      suggests: /^ssh-keygen .*-R /m,
    })

    await restoreHostKey(web2)
  })

  it('is not trusted when its host key is not known', async () => {
    const config = join(scene.session.folder, 'strangers')
    writeFileSync(config, readFileSync(scene.hosts.sshConfigFile, 'utf8').replace(scene.hosts.knownHostsFile, '/dev/null'))
    const env = {BERTH_SSH_CONFIG: config}

    const refused = {
      code: 'HostKeyUnknown',
      exitCode: 6,
      said: 'The host "ssh://web2" is not among the known hosts',
      suggests: /^ssh-keyscan /m,
    }
    await expectRefused(scene, ['instance', 'join', 'ssh://web2'], refused, {env})
  })

  it('says that nobody listens for ssh', async () => {
    await refuseSsh(web2)

    await refuseToJoin('ssh://web2', {
      code: 'HostRefused',
      exitCode: 6,
      said: 'no ssh service listens there',
      suggests: /web2 docker version$/m,
    })

    await allowSsh(web2)
  })

  it('says that nobody listens on a TCP port', async () => {
    await refuseToJoin('tcp://127.0.0.1:1', {
      code: 'EngineNotRunning',
      exitCode: 6,
      said: 'No engine listens at tcp://127.0.0.1:1.',
      suggests: 'docker -H tcp://127.0.0.1:1 version',
    })
  })

  it('takes no task, and the refusal says why', async () => {
    const {session} = scene
    await session.json('instance', 'join', 'ssh://web2', '--name', 'web2')
    refuseKey(web2)
    await session.berth('connection', 'close')

    await expectRefused(scene, ['task', 'run', '--image', 'busybox:test', '--memory', '32', '--', 'true'], {
      code: 'NoInstanceFits',
      exitCode: 5,
      said: /^No instance of cluster "prod" can take the task\.\nweb2: silent since \S+: The host "ssh:\/\/web2" refused the login/,
      suggests: 'berth instance list -c prod',
    }).catch((error: Error) => expect.fail(error.message))

    acceptKey(web2)
    await session.json('instance', 'leave', 'web2', '--yes')
  })
})

describe('an engine that cannot be used', function () {
  this.timeout(60_000)
  let scene: Scene

  before(async () => {
    scene = await Scene.open()
    await resetHosts(scene.hosts)
  })

  after(() => scene.close())

  it('says that it is off, on this machine', async () => {
    const {local} = scene.hosts
    await killEngine(local)

    try {
      const refused = {
        code: 'EngineNotRunning',
        exitCode: 6,
        said: `No engine listens at unix://${local.socketPath}.`,
        suggests: `docker -H unix://${local.socketPath} version`,
      }
      await expectRefused(scene, ['instance', 'join', 'local'], refused)
    } finally {
      await startEngine(local)
    }
  })

  it('says that it is off, over ssh', async () => {
    const web2 = sshHost(scene.hosts, 'web2')
    // Told to end, it takes its socket away.
    await killEngine(web2, 'SIGTERM')

    try {
      const refused = {
        code: 'EngineNotRunning',
        exitCode: 6,
        said: 'No engine listens at "/var/run/docker.sock" of "ssh://web2".',
        suggests: /web2 docker version$/m,
      }
      await expectRefusal(scene, ['instance', 'join', 'ssh://web2'], refused)
    } finally {
      await startEngine(web2)
    }
  })

  it('says that no file is at its socket', async () => {
    const refused = {
      code: 'EngineNotRunning',
      exitCode: 6,
      said: 'No engine listens at "/nowhere/docker.sock" on this machine.',
      suggests: 'docker -H unix:///nowhere/docker.sock version',
    }
    await expectRefused(scene, ['instance', 'join', 'unix:///nowhere/docker.sock'], refused)
  })

  const wrong: readonly (readonly [what: string, answer: RequestListener, refused: Omit<Refused, 'exitCode'>])[] = [
    [
      'is too old',
      engineOf('1.40', (_, response) => response.end()),
      {code: 'EngineTooOld', said: /is too old: it speaks API "1\.40", Berth needs 1\.41 \(Docker 20\.10\) or later\.$/},
    ],
    [
      'is a web site',
      (_, response) => response.setHeader('content-type', 'text/html').end('<html>\u001b[31mhello</html>'),
      {code: 'NotAnEngine', said: /^What answers at unix:\S+ does not speak as an engine does\.$/},
    ],
    [
      'answers with half a document',
      (_, response) => response.end('{"ApiVersion": "1.4'),
      {code: 'NotAnEngine', said: /does not speak as an engine does/},
    ],
    ['answers with another document', (_, response) => response.end('[]'), {code: 'NotAnEngine', said: /does not speak as an engine does/}],
    [
      'answers with an escape for a version',
      (_, response) => response.end('{"ApiVersion": "\\u001b[31m1.41"}'),
      {code: 'EngineTooOld', said: /it speaks API "\\u001b\[31m1\.41"/},
    ],
    [
      'answers with no HTTP',
      (request) => request.socket.end('\u001b[2J not HTTP at all\r\n\r\n'),
      {code: 'NotAnEngine', said: /does not speak as an engine does/},
    ],
    [
      'answers with 500',
      (_, response) => response.writeHead(500).end('{"message": "out of order"}'),
      {code: 'NotAnEngine', said: /does not speak as an engine does/},
    ],
    ['hangs up', (request) => request.socket.destroy(), {code: 'HostSilent', said: /^The connection to the engine of unix:\S+ broke/}],
    [
      'breaks off within an answer',
      (request, response) => response.writeHead(200, {'content-length': '500'}).write('{"Api', () => request.socket.destroy()),
      {code: 'HostSilent', said: /^The connection to the engine of unix:\S+ broke/},
    ],
    [
      'tells nothing of itself',
      engineOf('1.41', (_, response) => response.end('{"message": ')),
      {code: 'NotAnEngine', said: /does not speak as an engine does/},
    ],
    [
      'refuses to tell of itself',
      engineOf('1.41', (_, response) => response.writeHead(503).end('{"message": "\\u001b[31mbusy"}')),
      {code: 'EngineRefused', said: /^The engine of unix:\S+ did not .*: \[31mbusy\.$/},
    ],
  ]

  for (const [what, answer, refused] of wrong)
    it(`that ${what} is refused`, async () => {
      const server = await startWireServer(answer)
      try {
        const exitCode = refused.code === 'EngineRefused' ? 7 : 6
        const error = await expectRefused(scene, ['instance', 'join', `unix://${server.socketPath}`], {...refused, exitCode})
        expect(error.suggestions).to.include(`docker -H unix://${server.socketPath} version`)
      } finally {
        await server.stop()
      }
    })
})
