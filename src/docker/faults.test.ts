import {expect} from 'chai'
import {UnreachableError} from '../errors.js'
import type {HostAddress} from '../model/host-address.js'
import {type Deed, lost, lostAtOnce, refused} from './faults.js'
import {GarbledStream} from './garbled.js'

const LOCAL: HostAddress = {kind: 'unix', path: '/var/run/docker.sock'}
const DB1: HostAddress = {kind: 'ssh', host: 'db1.example', port: 2222, user: 'deploy'}
const START: Deed = {kind: 'start', container: 'web-1'}
const CREATE: Deed = {kind: 'create', name: 'web-1', image: 'nginx:1'}
const PULL: Deed = {kind: 'pull', image: 'registry.example/app:1'}
const VOLUME: Deed = {kind: 'volume', volume: 'data'}
const REMOVE_VOLUME: Deed = {kind: 'removeVolume', volume: 'data'}
const COPY: Deed = {kind: 'path', container: 'web-1', path: '/none'}
const EXEC: Deed = {kind: 'container', verb: 'run a program in', container: 'web-1'}

describe('refused', () => {
  // The words are those of Docker 20.10 to 29, and of podman 4 where it is named.
  for (const [title, deed, status, said, code, family] of [
    [
      'a port that a container holds',
      START,
      500,
      'driver failed programming external connectivity on endpoint web-1 (ab12): Bind for 0.0.0.0:8080 failed: port is already allocated',
      'PortTaken',
      7,
    ],
    [
      'a port that a program holds',
      START,
      500,
      'driver failed programming external connectivity on endpoint web-1: Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use',
      'PortTaken',
      7,
    ],
    [
      'a port of Docker 28',
      START,
      500,
      'failed to set up container networking: driver failed programming external connectivity on endpoint web-1 (ab): failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use',
      'PortTaken',
      7,
    ],
    [
      'a program that is not there',
      START,
      400,
      'OCI runtime create failed: exec: "nope": executable file not found in $PATH: unknown',
      'CannotStartContainerError',
      7,
    ],
    ['a start of nothing', START, 404, 'No such container: web-1', 'NoSuchContainer', 3],
    [
      'a registry that wants to know who asks',
      PULL,
      500,
      'Head "https://registry.example/v2/app/manifests/1": no basic auth credentials',
      'CannotPullContainerAuthError',
      7,
    ],
    [
      'a registry that does not know the one who asks',
      PULL,
      500,
      'Head "https://registry.example/v2/app/manifests/1": unauthorized: authentication required',
      'CannotPullContainerAuthError',
      7,
    ],
    [
      'a registry without the image',
      PULL,
      404,
      'manifest for registry.example/app:1 not found: manifest unknown',
      'CannotPullContainerError',
      7,
    ],
    ['a disk that is full', PULL, 200, 'write /var/lib/docker/tmp/GetImageBlob1: no space left on device', 'CannotPullContainerError', 7],
    [
      'an archive of no image',
      {kind: 'load'},
      500,
      'open /var/lib/docker/tmp/a/manifest.json: no such file or directory',
      'CannotLoadImage',
      7,
    ],
    [
      'a volume of an unknown driver',
      VOLUME,
      404,
      'error looking up volume plugin nope: plugin "nope" not found',
      'CannotCreateVolumeError',
      7,
    ],
    ['a volume in use', REMOVE_VOLUME, 409, 'remove data: volume is in use - [ab12]', 'VolumeInUse', 4],
    ['a path with nothing at it', COPY, 404, 'Could not find the file /none in container web-1', 'NoSuchPath', 3],
    ['a path of nothing', COPY, 404, 'No such container: web-1', 'NoSuchContainer', 3],
    ['a file system that is read-only', COPY, 403, 'container rootfs is marked read-only', 'EngineRefused', 7],
    ['an image that is not there', CREATE, 404, 'No such image: nginx:1', 'CannotPullContainerError', 7],
    ['a name in use', CREATE, 409, 'Conflict. The container name "/web-1" is already in use by container "ab12".', 'NameTaken', 7],
    [
      'a name in use by podman',
      CREATE,
      409,
      'creating container storage: the container name "web-1" is already in use by ab12.',
      'NameTaken',
      7,
    ],
    ['too little memory', CREATE, 400, 'Minimum memory limit allowed is 6MB', 'CannotCreateContainerError', 7],
    ['a program in a stopped container', EXEC, 409, 'Container ab12 is not running', 'ContainerNotRunning', 4],
    ['a program in nothing', EXEC, 404, 'No such container: web-1', 'NoSuchContainer', 3],
    ['another refusal', EXEC, 500, 'no space left on device', 'EngineRefused', 7],
    [
      'an image nobody has',
      {kind: 'pull', image: 'nope:1'},
      404,
      'manifest for nope:1 not found: manifest unknown',
      'CannotPullContainerError',
      7,
    ],
  ] as const)
    it(`knows ${title}`, () => {
      const error = refused(deed, {status, said}, LOCAL)

      expect([error.code, error.exitCode]).to.deep.equal([code, family])
      expect(error.message).to.match(/^[^\n]*unix:\/\/\/var\/run\/docker\.sock[^\n]*\.$/)
      expect((error.cause as Error).message).to.contain(said)
    })

  it('names the port', () => {
    expect(refused(START, {status: 500, said: 'Bind for 0.0.0.0:8080 failed: port is already allocated'}, LOCAL).message).to.match(
      /^Port 8080 of /,
    )
    expect(refused(START, {status: 500, said: 'listen tcp4 0.0.0.0:8080: bind: address already in use'}, LOCAL).message).to.match(
      /^Port 8080 of /,
    )
  })

  it('lets no engine write on the terminal', () => {
    expect(refused(START, {status: 500, said: 'boo\u001b[2J\nboo'}, LOCAL).message).to.contain('boo [2J boo')
    expect(refused(START, {status: 500, said: 'x'.repeat(10_000)}, LOCAL).message.length).to.be.lessThan(800)
  })

  it('suggests what asks that very engine', () => {
    expect(refused({kind: 'pull', image: 'nope:1'}, {status: 404, said: 'no'}, DB1).suggestions).to.deep.equal([
      'ssh -p 2222 deploy@db1.example docker pull nope:1',
    ])
  })
})

describe('lost', () => {
  for (const [code, host, name] of [
    ['ECONNREFUSED', LOCAL, 'EngineNotRunning'],
    ['ENOENT', LOCAL, 'EngineNotRunning'],
    ['ENOENT', DB1, 'HostSilent'],
    ['EACCES', LOCAL, 'EngineForbidden'],
    ['ECONNRESET', LOCAL, 'HostSilent'],
    ['EPIPE', LOCAL, 'HostSilent'],
    ['ETIMEDOUT', {kind: 'tcp', host: 'far', port: 2376}, 'HostSilent'],
    ['ERR_STREAM_PREMATURE_CLOSE', LOCAL, 'HostSilent'],
    ['SELF_SIGNED_CERT_IN_CHAIN', {kind: 'tcp', host: 'far', port: 2376}, 'TlsRefused'],
    ['HPE_INVALID_CONSTANT', LOCAL, 'NotAnEngine'],
  ] as const)
    it(`makes ${name} of ${code} at an address of kind ${host.kind}`, () => {
      const cause = Object.assign(new Error('broke'), {code})
      const error = lost(cause, host)

      expect(error).to.be.instanceOf(UnreachableError).and.include({code: name, cause})
    })

  it('makes NotAnEngine of an answer that is garbled', () => {
    expect(lost(new GarbledStream('what?'), LOCAL)).to.have.property('code', 'NotAnEngine')
  })

  it('leaves a fault of our own as it is', () => {
    const bug = new TypeError('x is undefined')

    expect(lost(bug, LOCAL)).to.equal(bug)
  })
})

describe('lostAtOnce', () => {
  it('takes a forwarded connection that breaks before the first answer for an engine that is off', () => {
    const reset = lost(Object.assign(new Error('socket hang up'), {code: 'ECONNRESET'}), DB1)

    expect(lostAtOnce(reset, DB1)).to.have.property('code', 'EngineNotRunning')
    expect(lostAtOnce(reset, DB1)).to.have.deep.property('suggestions', ['ssh -p 2222 deploy@db1.example docker version'])
    expect(lostAtOnce(reset, LOCAL)).to.equal(reset)
  })
})
