// Connections against a real sshd and the real ssh program.
import {type ChildProcess, spawn} from 'node:child_process'
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {createServer, get} from 'node:http'
import {join} from 'node:path'
import {expect} from 'chai'
import {build} from 'esbuild'
import {KnownError} from '../../../src/errors.js'
import type {HostAddress} from '../../../src/model/host-address.js'
import {SystemClock} from '../../../src/system/clock.js'
import type {HostConnections} from '../../../src/system/host-connections.js'
import {SystemLocks} from '../../../src/system/locks.js'
import type {Client} from '../../../src/model/client.js'
import {SystemProcesses} from '../../../src/system/process-identity.js'
import {connectionsIn} from '../../support/connections.js'
import type {OpenerResult} from '../../support/opener.js'
import {TestSshd, until} from '../../support/sshd.js'

type SshAddress = Extract<HostAddress, {readonly kind: 'ssh'}>

const NEVER = new AbortController().signal

describe('HostConnections over ssh', function () {
  this.timeout(60_000)

  let sshd: TestSshd
  let scratch: string
  let runtime: string
  let connections: HostConnections
  let box: SshAddress

  before(async () => {
    sshd = await TestSshd.start()
    scratch = mkdtempSync('/tmp/bconn-')
    await build({
      bundle: true,
      entryPoints: ['test/support/opener.ts'],
      format: 'cjs',
      logLevel: 'error',
      outfile: join(scratch, 'opener.cjs'),
      platform: 'node',
    })
  })

  beforeEach(() => {
    runtime = join(mkdtempSync(join(scratch, 'r-')), 'b')
    connections = connectionsIn(runtime, sshd.config)
    box = {host: sshd.host, kind: 'ssh', socketPath: sshd.engineSocket}
    sshd.knowHost('host')
    sshd.useKey('user')
  })

  afterEach(() => connections.close())

  after(async () => {
    await sshd.stop()
    rmSync(scratch, {force: true, recursive: true})
  })

  async function openPath(address: HostAddress = box): Promise<string> {
    const endpoint = await connections.open(address, {}, NEVER)
    if (endpoint.kind !== 'socket') throw new Error('Expected a socket.')
    return endpoint.path
  }

  async function refusal(deed: Promise<unknown>): Promise<KnownError> {
    const error = await deed.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (error instanceof KnownError) return error
    throw new Error(`Expected a known error, not ${String(error)}.`)
  }

  function opener(withinMs?: number): {readonly child: ChildProcess; readonly result: Promise<OpenerResult>} {
    const child = spawn(
      process.execPath,
      [join(scratch, 'opener.cjs'), JSON.stringify(box), runtime, sshd.config, ...(withinMs === undefined ? [] : [String(withinMs)])],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    return {
      child,
      result: new Promise((resolve, reject) =>
        child.once('close', () =>
          output === '' ? reject(new Error('The opener said nothing.')) : resolve(JSON.parse(output) as OpenerResult),
        ),
      ),
    }
  }

  it('forwards the engine of the host to a socket that only this person may open', async () => {
    const path = await openPath()

    expect(await answerAt(path)).to.equal('OK')
    expect(statSync(path).mode & 0o777).to.equal(0o600)
    expect(statSync(runtime).mode & 0o777).to.equal(0o700)
    expect(Buffer.byteLength(path)).to.be.lessThan(100)
  })

  it('lets twenty cold commands share one login, and twenty warm ones need none', async () => {
    const before = sshd.logins()

    const cold = await Promise.all(Array.from({length: 20}, () => opener().result))
    const afterCold = sshd.logins()
    const warm = await Promise.all(Array.from({length: 20}, () => opener().result))

    expect(cold.map(({code}) => code)).to.deep.equal(Array.from({length: 20}, () => undefined))
    expect(new Set([...cold, ...warm].map(({path}) => path)).size).to.equal(1)
    expect(afterCold - before).to.equal(1)
    expect(sshd.logins()).to.equal(afterCold)
  })

  it('lets many openings inside one process share one login', async () => {
    const before = sshd.logins()

    await Promise.all(Array.from({length: 10}, () => openPath()))

    expect(sshd.logins() - before).to.equal(1)
  })

  it('logs in again when the master was killed, past the socket it left', async () => {
    const path = await openPath()
    const [open] = await connections.list()

    process.kill(open?.pid ?? 0, 'SIGKILL')
    await until(() => !existsSync(`/proc/${open?.pid}`), 'the master to be gone')
    expect(existsSync(path)).to.equal(true)

    expect(await answerAt(await openPath())).to.equal('OK')
    expect((await connections.list())[0]?.pid).to.not.equal(open?.pid)
  })

  it('takes over the lock of a command that was killed while it logged in', async () => {
    sshd.freeze()
    const {child, result} = opener()
    await until(() => existsSync(runtime) && readdirSync(runtime).some((name) => name.endsWith('.lock')), 'the lock to be taken')
    child.kill('SIGKILL')
    await result.catch(() => undefined)
    sshd.resume()

    expect(await answerAt(await openPath())).to.equal('OK')
  })

  it('stays open while it is used, and ends when it was not for as long as the person chose', async () => {
    const impatient = connectionsIn(runtime, sshd.config, 2)
    const endpoint = await impatient.open(box, {}, NEVER)
    const pid = (await impatient.list())[0]?.pid
    const longest = Date.now() + 3500

    await until(async () => {
      await impatient.open(box, {}, NEVER)
      return Date.now() > longest
    }, 'more than the idle time to pass')
    expect(existsSync(`/proc/${pid}`)).to.equal(true)

    await until(() => !existsSync(`/proc/${pid}`), 'the master to end')
    expect(endpoint.kind).to.equal('socket')
    expect(await impatient.list()).to.deep.equal([])
    expect(leftovers()).to.deep.equal([])
  })

  it('lists what is open, and closes one by its name or all of them', async () => {
    await openPath()
    await openPath({...box, host: '127.0.0.1'})

    const listed = await connections.list()
    const closedOne = await connections.close('box')
    const left = await connections.list()
    const closedAll = await connections.close()

    expect(listed.map(({host, alive}) => ({alive, host}))).to.deep.equal([
      {alive: true, host: `ssh://127.0.0.1${sshd.engineSocket}`},
      {alive: true, host: `ssh://box${sshd.engineSocket}`},
    ])
    expect(closedOne.map(({host}) => host)).to.deep.equal([`ssh://box${sshd.engineSocket}`])
    expect(left).to.deep.equal([listed[0]])
    expect(closedAll).to.deep.equal([listed[0]])
    await until(() => listed.every(({pid}) => !existsSync(`/proc/${pid}`)), 'the masters to end')
    expect(leftovers()).to.deep.equal([])
  })

  it('refuses a host with another key than the known one, at the first try', async () => {
    sshd.knowHost('stranger')
    const visits = sshd.visits()

    const error = await refusal(openPath())

    expect(error.code).to.equal('HostKeyChanged')
    expect(error.suggestions[0]).to.contain(`-R "[127.0.0.1]:${sshd.port}"`)
    expect(sshd.visits() - visits).to.equal(1)
  })

  it('refuses a host that it does not know', async () => {
    sshd.knowHost(undefined)

    const error = await refusal(openPath())

    expect(error.code).to.equal('HostKeyUnknown')
    expect(error.suggestions[0]).to.equal(`ssh -F ${sshd.config} box`)
  })

  it('tries a refused key once', async () => {
    sshd.useKey('stranger')
    const visits = sshd.visits()

    const error = await refusal(openPath())

    expect(error.code).to.equal('SshRefused')
    expect(error.exitCode).to.equal(6)
    expect(sshd.visits() - visits).to.equal(1)
    expect(leftovers()).to.deep.equal([])
  })

  it('tells a port where nobody listens from a name that leads nowhere', async () => {
    expect((await refusal(openPath({...box, port: 1}))).code).to.equal('HostRefused')
    // A label longer than any name may have: no name server needs to be asked.
    sshd.useKey('user', ['', `Host nowhere`, `  HostName ${'a'.repeat(70)}.invalid`])
    expect((await refusal(openPath({...box, host: 'nowhere'}))).code).to.equal('HostUnknown')
  })

  it('gives a silent host five seconds, and all who wait for it the same five', async () => {
    sshd.freeze()
    const begun = Date.now()

    const results = await Promise.all(Array.from({length: 4}, () => opener().result))

    sshd.resume()
    expect(results.map(({code}) => code)).to.deep.equal(['HostSilent', 'HostSilent', 'HostSilent', 'HostSilent'])
    expect(Date.now() - begun).to.be.within(4500, 8000)
  })

  it('ends at once when the command is interrupted during the login', async () => {
    sshd.freeze()
    const interrupted = new AbortController()
    const opening = connections.open(box, {}, interrupted.signal)
    await until(() => existsSync(runtime) && readdirSync(runtime).some((name) => name.endsWith('.lock')), 'the login to begin')

    interrupted.abort(new KnownError('Interrupted', 'Interrupted.'))
    const error = await refusal(opening)
    sshd.resume()

    expect(error.code).to.equal('Interrupted')
    expect(leftovers()).to.deep.equal([])
  })

  it('goes on with a login that is slower than the command may wait, for the next command to find', async () => {
    slowLogin(3)
    const logins = sshd.logins()
    const begun = Date.now()

    const {code} = await opener(500).result
    const endedAfterMs = Date.now() - begun
    const [second] = await Promise.all([opener().result, opener().result])

    expect(code).to.contain('TimeoutError')
    expect(endedAfterMs).to.be.below(2500)
    expect(second.path).to.be.a('string')
    expect(sshd.logins() - logins).to.equal(1)
    expect(await answerAt(second.path ?? '')).to.equal('OK')
    expect(leftovers().filter((name) => /login|said|lock/.test(name))).to.deep.equal([])
  })

  it('finds the connection at once when the login has ended by itself', async () => {
    slowLogin(1)
    const logins = sshd.logins()
    await opener(300).result
    await until(() => readdirSync(runtime).some((name) => name.endsWith('.ctl')), 'the login to end')

    expect(await answerAt((await opener(900).result).path ?? '')).to.equal('OK')
    expect(sshd.logins() - logins).to.equal(1)
  })

  it('tells who waits for it why a login that went on has failed', async () => {
    slowLogin(1, 'stranger')
    const visits = sshd.visits()
    await opener(300).result

    expect((await refusal(openPath())).code).to.equal('SshRefused')
    expect(sshd.visits() - visits).to.equal(1)
    expect(leftovers()).to.deep.equal([])
  })

  it('ends a login that goes on when its connection is closed', async () => {
    slowLogin(3)
    const logins = sshd.logins()
    await opener(300).result
    const login = loginProcess()

    await connections.close('box')

    await until(() => !new SystemProcesses().isAlive(login), 'ssh to end')
    expect(leftovers()).to.deep.equal([])
    expect(sshd.logins()).to.equal(logins)
  })

  it('leaves the places of a host to the living processes that hold them', async () => {
    await openPath()
    const [record = ''] = leftovers().filter((name) => name.endsWith('.json'))
    const place = record.replace('.json', '-0.place')
    await new SystemLocks(new SystemClock()).take(join(runtime, place), {command: 'a use of the host', maxPauseMs: 20})

    await connections.close()

    expect(leftovers()).to.deep.equal([place])
  })

  it('tells where no engine listens on the host, and leaves no master behind', async () => {
    const error = await refusal(openPath({...box, socketPath: join(sshd.folder, 'none.sock')}))

    expect(error.code).to.equal('EngineNotRunning')
    expect(await connections.list()).to.deep.equal([])
  })

  it('takes no name of a host, a user or a path for an option or a command', async () => {
    const mark = join(scratch, 'pwned')
    const hostile: readonly SshAddress[] = [
      {host: `-oProxyCommand=touch ${mark}`, kind: 'ssh'},
      {host: `$(touch ${mark})`, kind: 'ssh'},
      {...box, user: `-oProxyCommand=touch ${mark}`},
      {...box, user: `; touch ${mark} #`},
      {...box, socketPath: `/nowhere'; touch ${mark}; '`},
      {...box, socketPath: `/nowhere$(touch ${mark})\`touch ${mark}\``},
    ]

    for (const address of hostile) expect((await refusal(openPath(address))).exitCode).to.equal(6)

    expect(existsSync(mark)).to.equal(false)
  })

  it('reaches an engine whose socket has an odd name', async () => {
    const path = join(sshd.folder, `a b%h\\'"$x[1].sock`)
    const odd = createServer((_request, response) => response.end('odd'))
    await new Promise<void>((resolve) => odd.listen(path, resolve))
    try {
      expect(await answerAt(await openPath({...box, socketPath: path}))).to.equal('odd')
    } finally {
      odd.closeAllConnections()
      odd.close()
    }
  })

  it('keeps the forwardings of the person out of the way', async () => {
    sshd.useKey('user', [`LocalForward ${sshd.port} 127.0.0.1:1`, 'RemoteCommand false', 'RequestTTY force'])

    expect(await answerAt(await openPath())).to.equal('OK')
  })

  it('goes through a jump host', async () => {
    sshd.useKey('user', ['', 'Host far', '  HostName 127.0.0.1', '  ProxyJump box'])

    expect(await answerAt(await openPath({...box, host: 'far'}))).to.equal('OK')
  })

  it('uses no folder that is open to others, or a link', async () => {
    mkdirSync(runtime, {mode: 0o755, recursive: true})
    const open = await refusal(openPath())
    rmSync(runtime, {recursive: true})
    symlinkSync(mkdtempSync(join(scratch, 'elsewhere-')), runtime)
    const link = await refusal(openPath())
    rmSync(runtime)

    expect([open.code, link.code]).to.deep.equal(['RuntimeFolderUnsafe', 'RuntimeFolderUnsafe'])
    expect(link.message).to.contain('is no folder')
  })

  /** From now on each login takes so much longer. */
  function slowLogin(seconds: number, key: 'user' | 'stranger' = 'user'): void {
    const path = join(scratch, 'slow.cjs')
    const pipe = `const s = require('node:net').connect(${sshd.port}, '127.0.0.1'); process.stdin.pipe(s).pipe(process.stdout)`
    writeFileSync(path, `setTimeout(() => { ${pipe} }, ${seconds * 1000})\n`)
    sshd.useKey(key, [`ProxyCommand ${process.execPath} ${path}`])
  }

  function loginProcess(): Client {
    const [name = ''] = readdirSync(runtime).filter((one) => one.endsWith('.login'))
    return (JSON.parse(readFileSync(join(runtime, name), 'utf8')) as {readonly process: Client}).process
  }

  function leftovers(): readonly string[] {
    return readdirSync(runtime).filter((name) => !name.endsWith('.failed'))
  }
})

function answerAt(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({path: '/_ping', socketPath: path}, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.once('end', () => resolve(text))
    }).once('error', reject)
  })
}
