import {expect} from 'chai'
import {controlArguments, forwardArguments, masterArguments, remoteArguments, typedSsh} from './ssh-arguments.js'

const HOST = {kind: 'ssh', host: 'db1.example'} as const
const PLAIN = {control: '/run/b/k.ctl', interactive: false, persistSeconds: 600}

describe('masterArguments', () => {
  it('asks nothing of anybody unless it may', () => {
    expect(masterArguments(HOST, PLAIN)).to.include('BatchMode=yes')
    expect(masterArguments(HOST, {...PLAIN, interactive: true})).to.not.include('BatchMode=yes')
  })

  it('names user, port and configuration by options of their own, and the host behind --', () => {
    const words = masterArguments({...HOST, port: 2222, user: 'deploy'}, {...PLAIN, config: '/etc/b/ssh'})

    expect(words.slice(-8)).to.deep.equal(['-F', '/etc/b/ssh', '-p', '2222', '-l', 'deploy', '--', 'db1.example'])
  })

  it('keeps a host that looks like an option a host', () => {
    const words = masterArguments({kind: 'ssh', host: '-oProxyCommand=touch x'}, PLAIN)

    expect(words.slice(-2)).to.deep.equal(['--', '-oProxyCommand=touch x'])
  })

  it('never weakens the check of host keys', () => {
    expect(masterArguments(HOST, {...PLAIN, interactive: true}).join(' ')).to.not.match(/StrictHostKeyChecking|UserKnownHostsFile/)
  })

  it('takes the brackets off an IPv6 address', () => {
    expect(masterArguments({kind: 'ssh', host: '[fe80::1]'}, PLAIN).at(-1)).to.equal('fe80::1')
  })
})

describe('forwardArguments', () => {
  it('escapes what ssh would split or replace in a path', () => {
    expect(forwardArguments('/r/k.ctl', '/r/k.sock', '/a:b%h\\c d')).to.include('/r/k.sock:/a\\:b%%h\\\\c d')
  })

  it('refuses a path with a variable, which cannot be escaped', () => {
    expect(() => forwardArguments('/r/k.ctl', '/r/k.sock', '/a/$'.concat('{HOME}'))).to.throw('which ssh would replace')
  })
})

describe('the words that go through a master', () => {
  it('never log in by themselves, and read no configuration', () => {
    for (const words of [forwardArguments('/c', '/l', '/r'), controlArguments('/c', 'exit'), remoteArguments('/c', 'true')]) {
      expect(words.slice(0, 2)).to.deep.equal(['-F', 'none'])
      expect(words).to.include('ProxyCommand=false')
    }
  })
})

describe('typedSsh', () => {
  it('is what a person would type', () => {
    expect(typedSsh({...HOST, port: 2222, user: 'deploy'}, '/etc/b/ssh')).to.equal('ssh -F /etc/b/ssh -p 2222 deploy@db1.example')
  })
})
