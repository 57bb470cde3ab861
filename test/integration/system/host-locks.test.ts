// Locks on hosts, against real hosts and on this machine.
import {execFileSync, type ChildProcess, spawn} from 'node:child_process'
import {existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import type {HostAddress} from '../../../src/model/host-address.js'
import {RandomIds} from '../../../src/system/ids.js'
import {SystemHostLocks} from '../../../src/system/system-host-locks.js'
import type {HeldHostLock} from '../../../src/world/host-locks.js'
import {connectionsIn, toolsIn} from '../../support/connections.js'
import {loadHosts} from '../../support/hosts/descriptor.js'
import {cutOff, heal} from '../../support/hosts/faults.js'
import {runInside} from '../../support/hosts/holder.js'
import {sshHost} from '../../support/hosts/test-hosts.js'
import {until} from '../../support/sshd.js'

const HOLDER = fileURLToPath(new URL('../../support/lock-holder.ts', import.meta.url))
const NEVER = new AbortController().signal
const ANNA = {by: 'anna@laptop', command: 'instance leave web1', since: '2026-01-02T03:04:05.000Z'}
const BEN = {...ANNA, by: 'ben@desk'}

describe('HostLocks', function () {
  this.timeout(90_000)

  const hosts = loadHosts()
  const web1 = sshHost(hosts, 'web1')
  const places: readonly (readonly [string, HostAddress])[] = [
    ['an ssh host', {host: web1.address, kind: 'ssh', user: 'root'}],
    ['this machine', {kind: 'unix', path: hosts.local.socketPath}],
  ]
  let scratch: string
  let name: string
  let locks: SystemHostLocks

  before(() => {
    scratch = mkdtempSync('/tmp/bhl-')
  })

  beforeEach(() => {
    name = new RandomIds().next()
    locks = new SystemHostLocks(toolsIn(join(scratch, 'b'), hosts.sshConfigFile))
  })

  afterEach(() => {
    for (const file of readdirSync('/run/lock').filter((one) => one.startsWith(`berth-${name}`))) rmSync(join('/run/lock', file))
  })

  after(async () => {
    await connectionsIn(join(scratch, 'b'), hosts.sshConfigFile).close()
    rmSync(scratch, {force: true, recursive: true})
  })

  async function take(address: HostAddress, who = ANNA): Promise<HeldHostLock> {
    const answer = await locks.hold(address, name, who, NEVER)
    if (answer.kind !== 'mine') throw new Error(`Expected the lock, not ${JSON.stringify(answer)}.`)
    return answer.lock
  }

  async function isFree(address: HostAddress): Promise<boolean> {
    return (await locks.look(address, name, NEVER)).kind === 'free'
  }

  /** A process that holds the lock. */
  async function holder(address: HostAddress): Promise<ChildProcess> {
    const words = ['--import', 'tsx', HOLDER, JSON.stringify(address), join(scratch, 'b'), hosts.sshConfigFile, name]
    const child = spawn(process.execPath, words, {stdio: ['ignore', 'pipe', 'inherit']})
    const said = await new Promise((resolve) => child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim())))
    expect(said).to.match(/^\d+$/)
    return child
  }

  for (const [place, address] of places)
    describe(`on ${place}`, () => {
      it('is held by one, tells the second who that is, and is free once it is given back', async () => {
        const lock = await take(address)
        const second = await locks.hold(address, name, BEN, NEVER)
        const seen = await locks.look(address, name, NEVER)
        await lock.release()

        expect(second).to.deep.equal({kind: 'held', epoch: lock.epoch, holder: ANNA})
        expect(seen).to.deep.equal(second)
        expect(await isFree(address)).to.equal(true)
        expect(lock.signal.aborted).to.equal(false)
      })

      it('is held by one of five who ask at once', async () => {
        const answers = await Promise.all(Array.from({length: 5}, () => locks.hold(address, name, ANNA, NEVER)))

        const held = answers.flatMap((answer) => (answer.kind === 'mine' ? [answer.lock] : []))
        await Promise.all(held.map((lock) => lock.release()))
        expect(held).to.have.length(1)
      })

      it('has a greater epoch with each taking', async () => {
        const epochs: number[] = []
        for (let taken = 0; taken < 4; taken += 1) {
          const lock = await take(address)
          epochs.push(lock.epoch)
          await lock.release()
        }

        expect(epochs).to.deep.equal([...new Set(epochs)].sort((a, b) => a - b))
      })

      it('is free within two seconds of the kill of its holder', async () => {
        const child = await holder(address)
        expect(await isFree(address)).to.equal(false)

        const killed = performance.now()
        child.kill('SIGKILL')
        await until(() => isFree(address), 'the lock of a killed holder is free')

        expect(performance.now() - killed).to.be.lessThan(2000)
      })

      it('takes no word of its holder for a word of the shell', async () => {
        const trap = join('/tmp', `trap-${name}`)
        const evil = {by: `$(touch ${trap})'";touch ${trap};\n#`, command: `\`touch ${trap}\` && look`, since: '$HOME'}
        const lock = await take(address, evil)
        const second = await locks.hold(address, name, BEN, NEVER)
        await lock.release()

        expect(second).to.deep.equal({kind: 'held', epoch: lock.epoch, holder: evil})
        expect(existsSync(trap)).to.equal(false)
      })
    })

  it('lets go of a host whose network is cut, and tells the holder before another can have it', async () => {
    const address = places[0]?.[1] as HostAddress
    const lock = await take(address)
    let knewFirst = false
    await cutOff(web1)
    try {
      await until(() => isFreeInside(), 'the host lets go', 40_000)
      knewFirst = lock.signal.aborted
    } finally {
      await heal(web1)
    }

    expect(knewFirst).to.equal(true)
    expect((lock.signal.reason as {code?: string}).code).to.equal('HostLockLost')
  })

  it('cannot be had by an engine that is reached by TCP, which has no shell', async () => {
    expect(await locks.hold({host: 'example.test', kind: 'tcp', port: 2375}, name, ANNA, NEVER)).to.deep.equal({kind: 'unable'})
  })

  it('follows no link that lies in its place, and passes over a record of another user', async () => {
    const local = places[1]?.[1] as HostAddress
    const stem = `${(await lockFolder(name)) ?? ''}/berth-${name}`
    const victim = join(scratch, 'victim')
    writeFileSync(victim, 'precious')
    try {
      symlinkSync(victim, `${stem}.0`)
      writeFileSync(`${stem}.12345`, '999999999999 eyJ9\n')
      const lock = await take(local)
      await lock.release()
      expect(lock.epoch).to.be.lessThan(999_999_999_999)
      expect(execFileSync('cat', [victim], {encoding: 'utf8'})).to.equal('precious')

      rmSync(`${stem}.lock`)
      symlinkSync(victim, `${stem}.lock`)
      expect((await locks.hold(local, name, ANNA, NEVER)).kind).to.equal('unsafe')
    } finally {
      for (const ending of ['0', '12345', 'lock']) rmSync(`${stem}.${ending}`, {force: true})
    }
  })

  /** Asked on web1 itself, beside its network. */
  async function isFreeInside(): Promise<boolean> {
    const line = `for d in /run/lock /var/lock /tmp;do [ ! -e $d/berth-${name}.lock ]||exec flock -n $d/berth-${name}.lock true;done;exit 1`
    return runInside(web1, ['sh', '-c', line]).then(
      () => true,
      () => false,
    )
  }

  /** Where the locks of this machine lie, found by taking one. */
  async function lockFolder(of: string): Promise<string | undefined> {
    const lock = await take(places[1]?.[1] as HostAddress)
    await lock.release()
    const folder = ['/run/lock', '/var/lock', '/tmp'].find((one) => existsSync(`${one}/berth-${of}.lock`))
    for (const ending of ['0', 'lock']) rmSync(`${folder}/berth-${of}.${ending}`)
    return folder
  }
})
