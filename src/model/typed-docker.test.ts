import {expect} from 'chai'
import {typedDocker} from './typed-docker.js'

describe('typedDocker', () => {
  for (const [what, host, typed] of [
    ['a socket', {kind: 'unix', path: '/run/docker.sock'}, 'docker -H unix:///run/docker.sock version'],
    ['a socket with a space', {kind: 'unix', path: '/run/my docker.sock'}, "docker -H 'unix:///run/my docker.sock' version"],
    ['plain TCP', {kind: 'tcp', host: 'db1', port: 2375}, 'docker -H tcp://db1:2375 version'],
    [
      'TLS',
      {kind: 'tcp', host: 'db1', port: 2376, tls: {caFile: '/c/ca.pem', certFile: '/c/my cert.pem', keyFile: '/c/key.pem'}},
      "docker --tlsverify --tlscacert /c/ca.pem --tlscert '/c/my cert.pem' --tlskey /c/key.pem -H tcp://db1:2376 version",
    ],
    [
      'SSH with a socket of its own',
      {kind: 'ssh', host: 'db1', user: 'deploy', port: 2222, socketPath: '/run/d.sock'},
      'ssh -p 2222 deploy@db1 docker -H unix:///run/d.sock version',
    ],
  ] as const)
    it(`asks the engine at ${what}`, () => expect(typedDocker(host, 'version')).to.equal(typed))
})
