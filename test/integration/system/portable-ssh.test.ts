// What another machine is told of hosts, by the ssh and ssh-keygen that are installed.
import {execFileSync} from 'node:child_process'
import {appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {SystemHostCatalog} from '../../../src/system/host-catalog.js'
import {failureOf, soon} from '../../support/specs.js'
import type {PortableSsh} from '../../../src/world/connections.js'
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

  function portable(addresses: readonly HostAddress[], identity = 'identity'): Promise<PortableSsh> {
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
      [
        ...['Host web', 'HostName 127.0.0.2', 'User deploy', 'Port 2', 'ProxyJump jo@gate:3,[127.0.0.4]'],
        ...['Host gate', 'HostName 127.0.0.3', 'HostKeyAlias the-gate'],
        ...['Host *', 'User root', 'Port 1', 'IdentityFile /home/ada/.ssh/id'],
      ].join('\n'),
    )
    for (const name of ['[127.0.0.2]:2', 'the-gate', '[127.0.0.4]:1']) know(name)

    const {silent, text} = await portable([
      {kind: 'ssh', host: 'web'},
      {kind: 'unix', path: '/run/docker.sock'},
    ])

    expect(silent).to.deep.equal(['ssh://web'])
    expect(meaning(text, 'web')).to.include.members([
      'hostname 127.0.0.2',
      'user deploy',
      'port 2',
      'proxyjump jo@gate:3,[127.0.0.4]',
      'identityfile /there/identity',
      'identitiesonly yes',
      'userknownhostsfile /there/known_hosts',
      'stricthostkeychecking true',
    ])
    expect(meaning(text, 'gate')).to.include.members(['hostname 127.0.0.3', 'user root', 'hostkeyalias the-gate'])
    expect(text).to.not.contain('ada')
  })

  it('looks for the key of a host at each port that was typed, and refuses one that the list does not know', async () => {
    const at = (port: number) => ({kind: 'ssh', host: '127.0.0.5', port}) as const
    know('[127.0.0.5]:2')

    expect((await portable([at(2)])).text).to.contain('Host 127.0.0.5\n')
    const failure = await failureOf(portable([at(2), at(3)]))
    expect(failure).to.have.property('code', 'HostKeyUnknown')
    expect(failure).to.have.property('message').that.contains('"127.0.0.5" ([127.0.0.5]:3)')
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
