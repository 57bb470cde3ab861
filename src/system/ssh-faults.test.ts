// The texts are what OpenSSH 9.2 wrote in these very cases; only addresses are changed.
import {expect} from 'chai'
import {loginFault} from './ssh-faults.js'

const ADDRESS = {kind: 'ssh', host: 'db1', port: 2222, user: 'deploy'} as const

const CHANGED = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Add correct host key in /home/ada/.ssh/known_hosts to get rid of this message.
Offending ED25519 key in /home/ada/.ssh/known_hosts:1
  remove with:
  ssh-keygen -f "/home/ada/.ssh/known_hosts" -R "[db1]:2222"
Host key for [db1]:2222 has changed and you have requested strict checking.
Host key verification failed.`

const CASES: readonly {readonly stderr: string; readonly code: string; readonly passing: boolean; readonly suggestion: string}[] = [
  {stderr: CHANGED, code: 'HostKeyChanged', passing: false, suggestion: 'ssh-keygen -f "/home/ada/.ssh/known_hosts" -R "[db1]:2222"'},
  {stderr: 'Host key verification failed.', code: 'HostKeyUnknown', passing: false, suggestion: 'ssh -p 2222 deploy@db1'},
  {
    stderr: 'No ED25519 host key is known for [db1]:2222 and you have requested strict checking.\nHost key verification failed.',
    code: 'HostKeyUnknown',
    passing: false,
    suggestion: 'ssh -p 2222 deploy@db1',
  },
  {
    stderr: 'deploy@db1: Permission denied (publickey,password,keyboard-interactive).',
    code: 'SshRefused',
    passing: false,
    suggestion: 'ssh -p 2222 deploy@db1 docker version',
  },
  {
    stderr: 'Received disconnect from 192.0.2.1 port 2222:2: Too many authentication failures\nDisconnected from 192.0.2.1 port 2222',
    code: 'SshRefused',
    passing: false,
    suggestion: 'ssh -p 2222 deploy@db1 docker version',
  },
  {
    stderr: 'ssh: Could not resolve hostname db1: Name or service not known',
    code: 'HostUnknown',
    passing: false,
    suggestion: 'getent hosts db1',
  },
  {
    stderr: 'ssh: connect to host db1 port 2222: Connection timed out',
    code: 'HostSilent',
    passing: false,
    suggestion: 'ssh -p 2222 deploy@db1 docker version',
  },
  {
    stderr: 'Connection timed out during banner exchange\nConnection to 192.0.2.1 port 2222 timed out',
    code: 'HostSilent',
    passing: false,
    suggestion: 'ssh -p 2222 deploy@db1 docker version',
  },
  {
    stderr: 'ssh: connect to host db1 port 2222: No route to host',
    code: 'HostSilent',
    passing: false,
    suggestion: 'ssh -p 2222 deploy@db1 docker version',
  },
  {
    stderr: 'ssh: connect to host db1 port 2222: Connection refused',
    code: 'HostRefused',
    passing: true,
    suggestion: 'ssh -p 2222 deploy@db1 docker version',
  },
  {
    stderr: 'kex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535',
    code: 'HostRefused',
    passing: true,
    suggestion: 'ssh -v -p 2222 deploy@db1 docker version',
  },
  {
    stderr: 'kex_exchange_identification: read: Connection reset by peer\nConnection reset by 192.0.2.1 port 2222',
    code: 'HostRefused',
    passing: true,
    suggestion: 'ssh -p 2222 deploy@db1 docker version',
  },
  {
    stderr: "Can't open user config file nosuch: No such file or directory",
    code: 'SshConfigInvalid',
    passing: false,
    suggestion: 'ssh -G -p 2222 deploy@db1',
  },
  {
    stderr: 'command-line: line 0: Bad configuration option: foo',
    code: 'SshConfigInvalid',
    passing: false,
    suggestion: 'ssh -G -p 2222 deploy@db1',
  },
]

describe('loginFault', () => {
  for (const {stderr, code, passing, suggestion} of CASES)
    it(`reads ${code} in "${stderr.split('\n').at(-1)}"`, () => {
      const fault = loginFault(stderr, ADDRESS)

      expect(fault.error.code).to.equal(code)
      expect(fault.error.exitCode).to.equal(6)
      expect(fault.error.message).to.contain('ssh://deploy@db1:2222')
      expect(fault.error.suggestions[0]).to.equal(suggestion)
      expect(fault.passing).to.equal(passing)
    })

  it('shows the last line of what it does not know, without control characters, and tries no second time', () => {
    const fault = loginFault('debug\nodd \u001b[31mthing', ADDRESS)

    expect(fault.error.code).to.equal('SshFailed')
    expect(fault.error.message).to.match(/ssh said: "odd \[31mthing"\.$/)
    expect(fault.passing).to.equal(false)
  })
})
