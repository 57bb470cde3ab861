// What is kept of a placement, and the whole table that is told of it later: they say the same.
import {expect} from 'chai'
import {explainPlacement} from '../../../src/manager/explain-placement.js'
import {runTasks} from '../../../src/manager/run-tasks.js'
import {instant} from '../../../src/model/time.js'
import {aDefinition, aDocument, anId, anInstance, aState, aTask, LONG_AGO} from '../../support/build.js'
import {aWorld} from './fake-world.js'
import {NOTHING_ASKED} from './nothing-asked.js'

const NOW = instant(LONG_AGO) + 1000
const hosts = [anInstance({name: 'a'}), anInstance({name: 'b'})]
const document = {
  ...aDocument({image: 'busybox:test', command: ['sh', '-c', 'sleep 600']}),
  placementConstraints: [{type: 'memberOf' as const, expression: 'ec2InstanceId == a or ec2InstanceId == b'}],
}

describe('a placement that is kept', () => {
  const asked = {...NOTHING_ASKED, reference: 'web', count: 1, detach: true, dryRun: false}

  async function told(said: Parameters<typeof aState>[0], wanted: Partial<typeof asked> & {readonly instances?: readonly string[]} = {}) {
    const world = aWorld({now: NOW, state: aState({instances: hosts, definitions: [aDefinition({document})], ...said})})
    await (await runTasks(world, {...asked, ...wanted})).finish()
    const [record] = await world.placements.list()
    const explained = await explainPlacement(world, {cached: true, keptRun: record?.runId, run: asked, service: undefined, task: undefined})
    return {record, table: explained.explanation}
  }

  it('knows of failures of then', async () => {
    const failures = [1, 2, 3].map((number) =>
      aTask({
        id: anId(number, 'f'),
        instanceId: hosts[0]?.id ?? '',
        lastStatus: 'STOPPED',
        stopCode: 'TaskFailedToStart',
        stoppedAt: LONG_AGO,
      }),
    )

    const {record, table} = await told({tasks: failures})

    expect(record?.ranked.map(({instance}) => instance)).to.deep.equal(['b', 'a'])
    expect(table?.chosen).to.deep.equal({instance: 'b', because: record?.because})
    expect(table?.strategies).to.deep.equal(record?.strategies)
  })

  it('of a task that was started on named instances asks no constraint and tells of these alone', async () => {
    const only = {...document, placementConstraints: [{type: 'memberOf' as const, expression: 'ec2InstanceId == a'}]}

    const {record, table} = await told({definitions: [aDefinition({document: only})]}, {instances: ['b']})

    expect(record).to.deep.include({constraints: [], fittingCount: 1})
    expect(table?.instances.map(({fits, instance}) => [instance, fits])).to.deep.equal([['b', true]])
  })
})
