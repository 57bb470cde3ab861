// The state made anew from its hosts is the state, but for its history, where services and daemons are kept there too: whatever was deployed, and however far it came.
import {expect} from 'chai'
import fc from 'fast-check'
import {builtInAttributes} from '../../../src/ecs/attributes.js'
import {rebuildState} from '../../../src/manager/rebuild.js'
import {refreshCluster} from '../../../src/manager/refresh.js'
import {anInstance, facts} from '../../support/build.js'
import {LeapingClock} from '../../support/leaping-clock.js'
import {withoutHistory} from '../../support/without-history.js'
import {stage} from './killed-client.js'
import {lostWorld} from './lost-world.js'
import {deeds} from './past-deeds.js'
import {begin, serviceDeeds} from './past-service-deeds.js'

const NEVER = new AbortController().signal
const hosts = ['a', 'b', 'c', 'd'].map((name) => anInstance({name, builtInAttributes: builtInAttributes(facts(), {})}))
const HOSTS = hosts.map(({name}) => `unix:///run/${name}.sock`)

const past = fc.array(fc.oneof({weight: 3, arbitrary: serviceDeeds}, {weight: 1, arbitrary: deeds}), {maxLength: 14})

describe('a state with services, made anew from its hosts', function () {
  this.timeout(120_000)

  it('is always the state, but for its history', async () => {
    await fc.assert(
      fc.asyncProperty(past, async (done) => {
        const world = await stage({hosts, definitions: []}, new LeapingClock())
        for (const deed of [...begin, ...done]) {
          await deed(world).catch(() => undefined)
          await world.clock.sleep(1000, NEVER)
        }
        await refreshCluster(world, undefined)

        const other = lostWorld(world)
        await rebuildState(other, {hosts: HOSTS, tls: undefined, dryRun: false})

        expect(withoutHistory((await other.store.read()).state)).to.deep.equal(withoutHistory((await world.store.read()).state))
      }),
      {numRuns: 60},
    )
  })
})
