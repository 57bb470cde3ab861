// Hosts whose sshd forbids to forward sockets, on a real sshd: the way around is found once, remembered, and shared by few at a time.
import {chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {Agent, get} from 'node:http'
import {join} from 'node:path'
import {Duplex} from 'node:stream'
import {expect} from 'chai'
import {KnownError} from '../../../src/errors.js'
import type {DialUse, Endpoint} from '../../../src/world/connections.js'
import {connectionsIn} from '../../support/connections.js'
import {TestSshd, until} from '../../support/sshd.js'

const NEVER = new AbortController().signal
const HARDENED = 'AllowStreamLocalForwarding no'

type DialEndpoint = Extract<Endpoint, {readonly kind: 'dial'}>

describe('HostConnections where sshd forbids to forward sockets', function () {
  this.timeout(60_000)

  let scratch: string
  let runtime: string
  let sshd: TestSshd | undefined
  let notes: string[]

  before(() => {
    scratch = mkdtempSync('/tmp/bdial-')
  })

  beforeEach(() => {
    runtime = join(mkdtempSync(join(scratch, 'r-')), 'b')
    notes = []
  })

  afterEach(async () => {
    if (sshd) await connections().close()
    await sshd?.stop()
    sshd = undefined
  })

  after(() => rmSync(scratch, {force: true, recursive: true}))

  function connections() {
    return connectionsIn(runtime, sshd?.config ?? '', 60, (text) => notes.push(text))
  }

  async function open(lines: readonly string[]): Promise<DialEndpoint> {
    sshd ??= await TestSshd.start(lines)
    // Another user than ours may look for the engine's socket too.
    chmodSync(sshd.folder, 0o711)
    const endpoint = await connections().open({host: sshd.host, kind: 'ssh', socketPath: sshd.engineSocket}, {}, NEVER)
    if (endpoint.kind !== 'dial') throw new Error(`Expected an endpoint that is dialed, not a ${endpoint.kind}.`)
    return endpoint
  }

  it('goes through the docker client of the host, by one login that warm commands share', async () => {
    const cold = await open([HARDENED])
    const sessions = sshd?.log().split('Starting session').length

    const warm = await open([HARDENED])

    expect(sshd?.log().split('Starting session').length, 'sessions that a warm opening needs').to.equal(sessions)
    expect(await answerBy(cold)).to.equal('OK')
    expect(await answerBy(warm)).to.equal('OK')
    expect(sshd?.logins()).to.equal(1)
    expect((await connections().list()).map(({alive}) => alive)).to.deep.equal([true])
  })

  it('carries many requests at once in the places that there are', async () => {
    const endpoint = await open([HARDENED])

    const answers = await Promise.all(Array.from({length: 20}, () => answerBy(endpoint)))

    expect(answers).to.deep.equal(Array.from({length: 20}, () => 'OK'))
  })

  it('waits for its turn where sshd opens a single session at a time', async () => {
    const endpoint = await open([HARDENED, 'MaxSessions 1'])

    const answers = await Promise.all(Array.from({length: 4}, () => answerBy(endpoint)))

    expect(answers).to.deep.equal(['OK', 'OK', 'OK', 'OK'])
  })

  it('lets lasting uses wait for one another, with a note, and never in the way of a brief one', async () => {
    const endpoint = await open([HARDENED])
    const lasting = await Promise.all(Array.from({length: 5}, () => standing(endpoint, 'lasting')))

    const sixth = standing(endpoint, 'lasting')
    await until(() => notes.length > 0, 'the note')
    expect(await answerBy(endpoint)).to.equal('OK')
    lasting[0]?.destroy()

    lasting.push(await sixth)
    expect(notes).to.have.length(1)
    expect(notes[0]).to.match(/^ssh:\/\/box\S* forbids to forward sockets, so little can go on there at once/)
    for (const one of lasting) one.destroy()
  })

  it('ends its ssh when it is destroyed, and gives the place back', async () => {
    const endpoint = await open([HARDENED])
    const stream = await standing(endpoint, 'brief')
    expect(dialing()).to.have.length(1)

    stream.destroy()

    await until(() => dialing().length === 0 && places().length === 0, 'ssh to end')
  })

  it('hangs up when nobody has used it for a second', async () => {
    const endpoint = await open([HARDENED])

    expect(await answerBy(endpoint, true)).to.equal('OK')
    expect(dialing()).to.have.length(1)

    await until(() => dialing().length === 0 && places().length === 0, 'ssh to end')
  })

  it('passes over what a profile says before the program begins', async () => {
    const endpoint = await open([HARDENED, `ForceCommand echo hello; exec sh -c "$SSH_ORIGINAL_COMMAND"`])

    expect(await answerBy(endpoint)).to.equal('OK')
  })

  it('says both cures where there is no docker client', async () => {
    const error = await refusal(open([HARDENED, 'SetEnv PATH=/nowhere']))

    expect(error.code).to.equal('StreamForwardingForbidden')
    expect(error.message).to.contain('AllowStreamLocalForwarding').and.contain('install the docker client')
    expect(await connections().list()).to.deep.equal([])
  })

  it('takes sudo, never asking, where the login may not open the socket, and says so', async () => {
    const endpoint = await open([HARDENED, ...withSudo(`shift; exec "$@"`)])

    expect(await answerBy(endpoint)).to.equal('OK')
    expect(notes).to.deep.equal([`ssh://box${sshd?.engineSocket} lets only root use its engine: it is reached by "sudo -n docker" there`])
  })

  it('says that the login may not open the socket where sudo wants a password', async () => {
    const error = await refusal(open([HARDENED, ...withSudo(`echo 'sudo: a password is required' >&2; exit 1`)]))

    expect(error.code).to.equal('EngineForbidden')
    expect(error.suggestions[0]).to.contain('usermod -aG docker')
    expect(await connections().list()).to.deep.equal([])
  })

  /** Logins are nobody's, who may not open the socket, but for what `sudo -n` does. */
  function withSudo(deed: string): readonly string[] {
    const bin = mkdtempSync(join(scratch, 'bin-'))
    program(join(bin, 'sudo'), `[ "$1" = -n ] || exit 9`, deed)
    program(
      join(bin, 'login'),
      `case "$SSH_ORIGINAL_COMMAND" in *'exec sudo '*) exec sh -c "$SSH_ORIGINAL_COMMAND" ;; esac`,
      `exec setpriv --reuid=65534 --regid=65534 --clear-groups sh -c "$SSH_ORIGINAL_COMMAND"`,
    )
    return [`SetEnv PATH=${bin}:/usr/local/bin:/usr/bin:/bin`, `ForceCommand ${join(bin, 'login')}`]
  }

  function places(): readonly string[] {
    return readdirSync(runtime).filter((name) => name.endsWith('.place'))
  }

  /** The ssh programs that go through this test's master to an engine. */
  function dialing(): readonly string[] {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    return pids.map(commandOf).filter((line) => line.startsWith('ssh\0') && line.includes(runtime) && line.includes('dial-stdio'))
  }
})

function program(path: string, ...lines: readonly string[]): void {
  writeFileSync(path, `${['#!/bin/sh', ...lines].join('\n')}\n`)
  chmodSync(path, 0o755)
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // It has ended since.
    return ''
  }
}

async function refusal(deed: Promise<unknown>): Promise<KnownError> {
  const error = await deed.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof KnownError) return error
  throw new Error(`Expected a known error, not ${String(error)}.`)
}

/** A connection that has carried an answer and is kept open. */
async function standing(endpoint: DialEndpoint, use: DialUse): Promise<Duplex> {
  const stream = Duplex.from(endpoint.dial(use))
  stream.write('GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n')
  await new Promise((resolve, reject) => {
    stream.once('data', resolve)
    stream.once('error', reject)
    stream.once('close', reject)
  })
  return stream
}

/** The text that comes back by a connection of its own, which is closed after it, or kept. */
function answerBy(endpoint: DialEndpoint, keepAlive = false): Promise<string> {
  const agent = new Agent({keepAlive})
  agent.createConnection = () => Duplex.from(endpoint.dial('brief'))
  return new Promise((resolve, reject) => {
    get({agent, host: 'docker', path: '/_ping'}, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.once('end', () => resolve(text))
    }).once('error', reject)
  })
}
