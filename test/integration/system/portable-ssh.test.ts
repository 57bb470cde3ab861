// What another machine is told of hosts, by the ssh and ssh-keygen that are installed.
import {execFileSync} from 'node:child_process'
import {appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {SystemHostCatalog} from '../../../src/system/host-catalog.js'
import {failureOf, soon} from '../../support/specs.js'
import type {HostAddress} from '../../../src/model/host-address.js'

describe('SystemHostCatalog, portable', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync('/tmp/bssh-')
    key('identity', '')
    writeFileSync(join(folder, 'known'), '')
    writeFileSync(join(folder, 'config'), '')
  })

  afterEach(() => rmSync(folder, {force: true, recursive: true}))

  function key(name: string, passphrase: string): void {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', join(folder, name)])
  }

  function config(text: string): void {
    writeFileSync(join(folder, 'config'), text)
  }

  function know(name: string): void {
    const [kind, bytes] = readFileSync(join(folder, 'identity.pub'), 'utf8').split(' ')
    appendFileSync(join(folder, 'known'), `${name} ${kind} ${bytes}\n`)
  }

  function portable(addresses: readonly HostAddress[], identity = 'identity'): Promise<string> {
    return new SystemHostCatalog({BERTH_SSH_CONFIG: join(folder, 'config')}, folder).portable(
      addresses,
      {
        identity: {local: join(folder, identity), there: '/there/identity'},
        knownHosts: {local: join(folder, 'known'), there: '/there/known_hosts'},
      },
      soon(),
    )
  }

  /** What ssh makes of a host by the text alone. */
  function meaning(text: string, host: string): readonly string[] {
    writeFileSync(join(folder, 'there'), text)
    return execFileSync('ssh', ['-F', join(folder, 'there'), '-G', host], {encoding: 'utf8'}).split('\n')
  }

  it('means by a name what the own configuration means, with the jumps that lead there, and trusts one key and one list alone', async () => {
    config(
      'Host web\n HostName 10.0.0.7\n User deploy\n Port 2222\n ProxyJump gate\nHost gate\n HostName gate.example.org\n HostKeyAlias the-gate\nHost *\n User root\n IdentityFile /home/ada/.ssh/id\n',
    )
    for (const name of ['[10.0.0.7]:2222', 'the-gate']) know(name)

    const text = await portable([
      {kind: 'ssh', host: 'web'},
      {kind: 'unix', path: '/run/docker.sock'},
    ])

    expect(meaning(text, 'web')).to.include.members([
      'hostname 10.0.0.7',
      'user deploy',
      'port 2222',
      'proxyjump gate',
      'identityfile /there/identity',
      'identitiesonly yes',
      'userknownhostsfile /there/known_hosts',
      'stricthostkeychecking true',
    ])
    expect(meaning(text, 'gate')).to.include.members(['hostname gate.example.org', 'user root', 'hostkeyalias the-gate'])
    expect(text).to.not.contain('ada')
  })

  it('looks for the key of a host at the port that was typed, and refuses a host that the list does not know', async () => {
    know('[db]:2200')

    expect(await portable([{kind: 'ssh', host: 'db', port: 2200}])).to.contain('Host db\n')
    const failure = await failureOf(portable([{kind: 'ssh', host: 'db'}]))
    expect(failure).to.have.property('code', 'HostKeyUnknown')
    expect(failure).to.have.property('message').that.contains('"db" (db)')
  })

  it('refuses a host that is reached by a program of this machine', async () => {
    config('Host web\n ProxyCommand nc %h %p\n')
    know('web')

    expect(await failureOf(portable([{kind: 'ssh', host: 'web'}]))).to.have.property('code', 'HostNotPortable')
  })

  it('refuses a key with a passphrase, and what is no key', async () => {
    key('closed', 'a passphrase')

    for (const identity of ['closed', 'known', 'none'])
      expect(await failureOf(portable([], identity)), identity).to.have.property('code', 'IdentityNotUsable')
  })
})
