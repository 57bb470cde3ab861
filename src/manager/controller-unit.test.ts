import {expect} from 'chai'
import {unitText, unitWord} from './controller-unit.js'

const self = {words: ['/usr/bin/node', '/opt/my berth/run.js'], user: 'ada', home: '/home/ada', environment: {PATH: '/bin:/usr/bin'}}
const wanted = {scope: 'system', allowClientSecrets: false, logFormat: 'json'} as const

describe('unitText', () => {
  it('runs this very program on this very state as this very person', () => {
    const lines = unitText({name: 'prod'}, {...wanted, metrics: '9100'}, self, '/home/ada/state.json').split('\n')

    expect(lines).to.include.members([
      'ExecStart=/usr/bin/node "/opt/my berth/run.js" controller run --cluster prod --state /home/ada/state.json --log-format json --metrics 9100',
      'User=ada',
      'Environment=HOME=/home/ada',
      'Environment=PATH=/bin:/usr/bin',
      'Restart=always',
    ])
  })

  it('lets systemd expand nothing of the command', () => {
    const text = unitText({name: 'prod'}, wanted, {...self, environment: {}}, '/srv/$HOME/50%/state.json')

    expect(text).to.include(' --state /srv/$$HOME/50%%/state.json ')
  })

  it('leaves the home folder, the temporary folder and the network to ssh', () => {
    const text = unitText({name: 'prod'}, wanted, self, 'etcd://etcd1:2379/berth')

    expect(text).not.to.match(/ProtectHome|PrivateTmp|PrivateNetwork|RestrictAddressFamilies|MemoryDenyWriteExecute/)
  })

  it("asks a person's own systemd for nothing that only the system's may give", () => {
    const text = unitText({name: 'prod'}, {...wanted, scope: 'user'}, self, '/home/ada/state.json')

    expect(text).not.to.match(/^(User|RuntimeDirectory|ProtectSystem|CapabilityBoundingSet)=/m)
    expect(text).to.include('WantedBy=default.target')
  })
})

describe('unitWord', () => {
  it('stays one word, and means what it says', () => {
    expect(unitWord('a b')).to.equal('"a b"')
    expect(unitWord('100%"')).to.equal('"100%%\\""')
    expect(unitWord('--state')).to.equal('--state')
  })
})
