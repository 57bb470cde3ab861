// Who may come to the state, and how that is told to those who may not.
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {etcdAccess} from '../../../../src/store/etcd/access.js'
import {TestCertificates} from '../../../support/etcd/certificates.js'
import {EtcdCluster} from '../../../support/etcd/cluster.js'
import {addFamily, rejectionOf, StateFolder, TEST_WHY} from '../../../support/state-folder.js'

const IMPATIENT = {patienceMs: 1000}

describe('etcdAccess', () => {
  let folder: StateFolder
  beforeEach(() => {
    folder = new StateFolder()
  })
  afterEach(() => folder.remove())

  it('takes the password from a file, without the newline at its end', () => {
    const file = join(folder.path, 'password')
    writeFileSync(file, 's3cret\n')

    expect(etcdAccess({BERTH_ETCD_USER: 'ada', BERTH_ETCD_PASSWORD_FILE: file})).to.deep.equal({
      login: {username: 'ada', password: 's3cret'},
    })
  })

  it('names what is missing', () => {
    expect(() => etcdAccess({BERTH_ETCD_CERT: '/x/client.crt'})).to.throw('set both BERTH_ETCD_CERT and BERTH_ETCD_KEY')
    expect(() => etcdAccess({BERTH_ETCD_USER: 'ada'})).to.throw('set BERTH_ETCD_PASSWORD_FILE or BERTH_ETCD_PASSWORD')
    expect(() => etcdAccess({BERTH_ETCD_CACERT: '/nowhere/ca.pem'})).to.throw('"/nowhere/ca.pem" could not be read')
  })
})

describe('an etcd that speaks TLS', function () {
  this.timeout(60_000)
  let certificates: TestCertificates
  let cluster: EtcdCluster
  before(async () => {
    certificates = await TestCertificates.make()
    const tls = {ca: certificates.at('ca.pem'), certificate: certificates.at('peer.pem'), key: certificates.at('peer-key.pem')}
    cluster = await EtcdCluster.start(3, tls)
  })
  after(async () => {
    await cluster.stop()
    certificates.remove()
  })

  it('keeps the state of who trusts it and has a certificate that it trusts', async () => {
    const access = etcdAccess({
      BERTH_ETCD_CACERT: certificates.at('ca.pem'),
      BERTH_ETCD_CERT: certificates.at('peer.pem'),
      BERTH_ETCD_KEY: certificates.at('peer-key.pem'),
    })
    const store = cluster.open('tls', {}, access)

    await store.update(TEST_WHY, addFamily('a'))

    await (await store.lease('a', TEST_WHY, AbortSignal.timeout(10_000))).release()
    expect((await cluster.open('tls', {}, access).read()).revision).to.equal(1)
  })

  it('is reached neither without a certificate of ours nor without knowing who signed its own', async () => {
    for (const access of [etcdAccess({}), etcdAccess({BERTH_ETCD_CACERT: certificates.at('ca.pem')})]) {
      const error = await rejectionOf(cluster.open('tls', IMPATIENT, access).read())

      expect(error).to.include({code: 'StateUnreachable', exitCode: 8})
    }
  })
})

describe('an etcd that asks for a password', function () {
  this.timeout(60_000)
  let cluster: EtcdCluster
  before(async () => {
    cluster = await EtcdCluster.start(3)
    await cluster.etcdctl('user', 'add', 'root:r00t')
    await cluster.etcdctl('user', 'grant-role', 'root', 'root')
    await cluster.etcdctl('role', 'add', 'berth')
    await cluster.etcdctl('role', 'grant-permission', 'berth', '--prefix=true', 'readwrite', 'ours/')
    await cluster.etcdctl('user', 'add', 'ada:s3cret')
    await cluster.etcdctl('user', 'grant-role', 'ada', 'berth')
    await cluster.etcdctl('auth', 'enable')
  })
  after(() => cluster.stop())

  it('keeps the state of a user who may use its prefix', async () => {
    const store = cluster.open('ours', {}, {login: {username: 'ada', password: 's3cret'}})
    const changes = store.changes(0, AbortSignal.timeout(10_000))
    const next = changes[Symbol.asyncIterator]().next()

    await store.update(TEST_WHY, addFamily('a'))

    expect((await next).value).to.include({revision: 1})
    await (await store.lease('a', TEST_WHY, AbortSignal.timeout(10_000))).release()
  })

  for (const [what, prefix, access] of [
    ['without a login', 'ours', {}],
    ['with a wrong password', 'ours', {login: {username: 'ada', password: 'wr0ng'}}],
    ['under a prefix that the user may not use', 'others', {login: {username: 'ada', password: 's3cret'}}],
  ] as const)
    it(`is refused ${what}, at once and without the password in the message`, async () => {
      const began = performance.now()
      const error = await rejectionOf(cluster.open(prefix, {}, access).read())

      expect(error).to.include({code: 'StateRefused', exitCode: 8})
      expect(performance.now() - began).to.be.lessThan(5000)
      expect(JSON.stringify([error.message, error.suggestions, error])).to.not.match(/s3cret|wr0ng/)
    })
})
