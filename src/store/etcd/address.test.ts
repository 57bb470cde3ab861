import {expect} from 'chai'
import {InvalidInputError} from '../../errors.js'
import {namesEtcd, parseEtcdAddress} from './address.js'

describe('parseEtcdAddress', () => {
  it('takes one endpoint or several, with ports and a prefix of its own where they are not told', () => {
    expect(parseEtcdAddress('etcd://one')).to.deep.equal({
      endpoints: ['one:2379'],
      isTls: false,
      location: 'etcd://one:2379/berth',
      prefix: 'berth',
    })
    expect(parseEtcdAddress('ETCDS://one:1,[::1]:2,10.0.0.3/teams/ops/')).to.deep.equal({
      endpoints: ['one:1', '[::1]:2', '10.0.0.3:2379'],
      isTls: true,
      location: 'etcds://one:1,[::1]:2,10.0.0.3:2379/teams/ops',
      prefix: 'teams/ops',
    })
  })

  it('never repeats what may be a password', () => {
    for (const text of ['etcd://ada:s3cret@one/berth', 'etcd://one/s3cret@x', 'etcd:s3cret@one'])
      expect(faultOf(text)).to.include('holds no user and no password').and.not.include('s3cret')
  })

  it('names what is wrong', () => {
    expect(faultOf('etcd:/one')).to.include('"etcd:/one" is no address')
    expect(faultOf('etcd://one/berth?tls=1')).to.include('without ? and #')
    expect(faultOf('etcd://')).to.include('"" in "etcd://" is no endpoint')
    expect(faultOf('etcd://one,,two')).to.include('"" in "etcd://one,,two" is no endpoint')
    expect(faultOf('etcd://one:0')).to.include('"one:0"')
    expect(faultOf('etcd://one:65536')).to.include('"one:65536"')
    expect(faultOf('etcd://one/a//b')).to.include('"a//b" cannot be the prefix')
    expect(faultOf('etcd://one/a b')).to.include('"a b" cannot be the prefix')
  })
})

describe('namesEtcd', () => {
  it('tells an address, also a wrong one, from a path', () => {
    expect(['etcd://a', 'etcds:x', 'ETCD:'].map(namesEtcd)).to.deep.equal([true, true, true])
    expect(['./etcd/state.json', 'etcd', '/etcd:/x', 'http://etcd'].map(namesEtcd)).to.deep.equal([false, false, false, false])
  })
})

function faultOf(text: string): string {
  try {
    parseEtcdAddress(text)
    return ''
  } catch (error) {
    if (error instanceof InvalidInputError && error.code === 'InvalidState') return error.message
    throw error
  }
}
