import {expect} from 'chai'
import {NO_MATERIALS, type RunMaterials, withoutSecrets} from './materials.js'

const materials: RunMaterials = {
  ...NO_MATERIALS,
  fileEnvironment: {app: [{name: 'STAGE', value: 'production'}]},
  logOptions: {app: {'fluentd-address': 'hunter2-host:port', 'splunk-token': 'c0ffee-token'}},
  secretEnvironment: {app: [{name: 'PASSWORD', value: 'hush $x'}], other: [{name: 'ON', value: 'yes'}]},
}

describe('withoutSecrets', () => {
  for (const [said, told] of [
    ['invalid fluentd-address hunter2-host:port: strconv.Atoi: parsing', 'invalid fluentd-address ***: strconv.Atoi: parsing'],
    ['dial tcp: lookup hunter2-host: no such host', 'dial tcp: lookup ***: no such host'],
    ["invalid size: 'c0ffee-token'", "invalid size: '***'"],
    ['of another container too: "hush $x"', 'of another container too: "***"'],
    ['in production, yes', 'in production, yes'],
  ] as const)
    it(`makes of ${said}: ${told}`, () => expect(withoutSecrets(said, materials)).to.equal(told))

  it('leaves a text alone where nothing is secret', () => expect(withoutSecrets('invalid size', NO_MATERIALS)).to.equal('invalid size'))
})
