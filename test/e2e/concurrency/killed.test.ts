// Commands that are killed between two things that they ask of a real engine, and typed once more: a sample that its seed gives again. All moments are those of `npm run test:matrix`.
import {expect} from 'chai'
import {killedAt, momentCount, OPERATIONS} from '../../matrix/killed.js'
import {loadHosts} from '../../support/hosts/descriptor.js'
import {resetHosts} from '../../support/hosts/stop.js'
import {hashText} from '../../../src/placement/rank.js'

const SAMPLE = 2
const seed = process.env['BERTH_MATRIX_SEED'] ?? String(Date.now())

describe(`a command that is killed on a real engine (BERTH_MATRIX_SEED=${seed})`, function () {
  this.timeout(240_000)

  before(() => resetHosts(loadHosts()))

  for (const name of [
    'task run --count 3',
    'task stop',
    'instance leave',
    'cluster delete --force',
    'service update',
    'instance drain --wait',
  ])
    it(`in "${name}", at some moments, is ended by the same words`, async () => {
      const hosts = loadHosts()
      const count = await momentCount(hosts, OPERATIONS[name] ?? expect.fail())
      expect(count).to.be.greaterThan(3)
      for (let number = 0; number < SAMPLE; number += 1) {
        const killed = await killedAt(hosts, name, 1 + (hashText(`${seed} ${name} ${number}`) % count))
        expect(killed.outcome, `${name}, killed ${killed.moment}`).to.equal('reached')
      }
    })
})
