// A service under constant load, behind a balancer that follows the health of its tasks, while it is deployed again and again.
import {setTimeout as sleep} from 'node:timers/promises'
import {expect} from 'chai'
import type {State} from '../../../src/model/state.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {sshHost} from '../../support/hosts/test-hosts.js'
import {ask, Balancer} from '../../support/balancer.js'
import {ServiceStage, WEB} from './service-stage.js'

const HOSTS = ['web1', 'web2', 'db1']
const DEPLOYMENTS = 10
const FEED_EVERY_MS = 100
/** Each of those who load it breathes so long: a load without end takes the machine from the very programs that are asked. */
const PAUSE_MS = 3

/** As a program that ends well: it says that it is not well any more, serves on for longer than a busy machine keeps a balancer from hearing it, then goes. */
const SERVING = [
  'mkdir -p /www && echo served > /www/index.html && echo well > /www/health',
  'httpd -f -p 80 -h /www & server=$!',
  'trap "rm /www/health; sleep 3; kill $server; exit 0" TERM',
  'wait $server; wait $server',
].join('\n')

describe('a service behind a balancer', function () {
  this.timeout(300_000)
  let at: ServiceStage
  let balancer: Balancer
  let isOver: boolean

  beforeEach(async () => {
    at = await ServiceStage.open(HOSTS)
    balancer = await Balancer.open()
    isOver = false
  })

  afterEach(async () => {
    isOver = true
    balancer.close()
    await at.close()
  })

  /** Tells the balancer where tasks run, as whoever feeds a real one. */
  async function feed(): Promise<void> {
    while (!isOver) {
      const {instances, tasks} = await at.stage.session.json<State>('state', 'show')
      const running = Object.values(tasks).filter(({lastStatus}) => lastStatus === 'RUNNING')
      balancer.know(
        running.flatMap(({containers, instanceId}) =>
          containers.flatMap(({networkBindings = []}) =>
            networkBindings
              .slice(0, 1)
              .map(({hostPort}) => `${sshHost(at.stage.hosts, instances[instanceId]?.name ?? '').address}:${hostPort}`),
          ),
        ),
      )
      await sleep(FEED_EVERY_MS)
    }
  }

  it(`answers every request while it is deployed ${DEPLOYMENTS} times`, async () => {
    await at.register('web', {...WEB, command: ['sh', '-c', SERVING], stopTimeout: 10, portMappings: [{containerPort: 80}]})
    await at.service('create', 'web', '--task-definition', 'web', '--desired-count', '4', '--healthy-after', '2')
    const feeding = feed()
    await waitUntil('all four to be well', () => balancer.wellCount === 4)
    let answered = 0
    const lost: string[] = []
    const load = async () => {
      while (!isOver) {
        const {status, text} = await ask(balancer.url).catch((error: Error) => ({status: 0, text: error.message}))
        if (status === 200 && text === 'served\n') answered += 1
        else lost.push(`${status} ${text}`)
        await sleep(PAUSE_MS)
      }
    }
    const loads = Array.from({length: 4}, load)

    for (let round = 0; round < DEPLOYMENTS; round += 1) await at.service('update', 'web', '--force-new-deployment')

    isOver = true
    await Promise.all([feeding, ...loads])
    console.error(`      ${answered} requests answered, ${lost.length} lost`)
    expect(lost).to.deep.equal([])
    expect(answered).to.be.greaterThan(1000)
    expect((await at.described('web')).deployments).to.have.length(1)
  })
})
