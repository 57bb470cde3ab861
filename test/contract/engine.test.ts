import {startTestEngine, type TestEngine} from '../support/engine.js'
import {FakeEngine} from '../support/fake-engine.js'
import {engineChangesContract} from './engine-changes.contract.js'
import {engineContract} from './engine.contract.js'
import {engineControllersContract} from './engine-controllers.contract.js'
import {engineHoldingsContract} from './engine-holdings.contract.js'
import {engineOutputContract} from './engine-output.contract.js'

const fake = new FakeEngine()
engineContract('fake', () => fake)
engineChangesContract('fake', () => fake)
engineControllersContract('fake', () => fake)
engineHoldingsContract('fake', () => fake)
engineOutputContract('fake', () => fake)

describe('on a real host', function () {
  this.timeout(60_000)
  let real: TestEngine
  before(async () => {
    real = await startTestEngine()
  })
  after(() => real.stop())

  engineContract('Docker', () => real.engine)
  engineChangesContract('Docker', () => real.engine)
  engineControllersContract('Docker', () => real.engine)
  engineHoldingsContract('Docker', () => real.engine)
  engineOutputContract('Docker', () => real.engine)
})
