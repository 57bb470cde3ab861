// What is kept of a placement, and the whole table that is told of it later: they say the same.
import {expect} from 'chai'
import {explainedView} from '../../../src/console/explanations.js'
import type {KnownError} from '../../../src/errors.js'
import {type ExplainWanted, explainPlacement} from '../../../src/manager/explain-placement.js'
import {drawnIds} from '../../../src/manager/intents.js'
import {listPlacements} from '../../../src/manager/kept-placements.js'
import {runTasks} from '../../../src/manager/run-tasks.js'
import type {State} from '../../../src/model/state.js'
import {instant} from '../../../src/model/time.js'
import {reconcile} from '../../../src/scheduling/reconcile.js'
import {recordPlan} from '../../../src/scheduling/record-plan.js'
import {aCluster, aDefinition, aDeployment, aDocument, aService, anId, anInstance, aState, aTask, LONG_AGO} from '../../support/build.js'
import {TEST_WHY} from '../../support/state-folder.js'
import {aWorld, type FakeWorld} from './fake-world.js'
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

describe('a placement of a service', () => {
  const run = {...NOTHING_ASKED, reference: undefined, count: 1, detach: true, dryRun: true}
  const begun = aState({
    instances: hosts,
    definitions: [aDefinition({document})],
    services: [aService({desiredCount: 2})],
    deployments: [aDeployment()],
  })
  const explained = (world: FakeWorld, said: Partial<ExplainWanted>) =>
    explainPlacement(world, {cached: true, keptRun: undefined, service: undefined, task: undefined, run, ...said})

  /** A world in which the service has started its tasks. */
  async function started(): Promise<{readonly world: FakeWorld; readonly ids: readonly string[]}> {
    const world = aWorld({now: NOW, state: begun})
    const decide = (state: State) =>
      reconcile(state, {at: NOW, instances: {}}, {clusterId: aCluster().id, requiredAttributes: () => []}, NOW).plan
    await world.store.update(TEST_WHY, (state) => ({state: recordPlan(state, decide(state), drawnIds(world), NOW), result: 0}))
    return {world, ids: Object.keys((await world.store.read()).state.tasks)}
  }

  it('is told of tasks that the state has forgotten, by any beginning of their ids', async () => {
    const {ids, world} = await started()
    await world.store.update(TEST_WHY, (state) => ({state: {...state, tasks: {}}, result: 0}))
    const listed = await listPlacements(world, {cluster: undefined, refused: false})

    const told = await Promise.all(ids.map((task) => explained(world, {task})))

    expect(listed.map(({by, tasks}) => [by, tasks.map(({id}) => id)])).to.deep.equal([['service:web', ids]])
    expect(told.map(({explanation}) => explanation?.chosen?.instance)).to.deep.equal(['a', 'b'])
    expect((await explained(world, {keptRun: ids[0] ?? ''})).placement?.because).to.equal(told[0]?.placement?.because)
    expect(await listPlacements(world, {cluster: undefined, refused: true})).to.deep.equal([])
  })

  it('is told without its reasons where the state of then is not kept any more, and not at all where nothing is', async () => {
    const {ids, world} = await started()
    const {state} = await world.store.read()
    const late = aWorld({now: NOW, state: {...begun, lineage: state.lineage}})
    await late.store.adopt(TEST_WHY, {...state, revision: 7})

    const told = await explained(late, {task: ids[1] ?? ''})

    expect(told.explanation).to.equal(undefined)
    expect(told.placement).to.deep.include({by: 'service:web', runId: ids[0]})
    expect(explainedView(told).text).to.match(/^History: +the state of then is not kept any more/m)
    const none = await explained(aWorld({now: NOW, state}), {task: ids[0] ?? ''}).catch((error: unknown) => error)
    expect(none).to.deep.include({code: 'PlacementNotKept', suggestions: ['berth placement explain --service web -c prod']})
  })

  it('is asked for by a word that names a task, unless a family is called so', async () => {
    const {ids, world} = await started()
    const [id = ''] = ids
    const named = (reference: string) => explained(world, {run: {...run, reference}})

    expect((await named(id)).placement?.by).to.equal('service:web')
    expect((await named(`arn:aws:ecs:local:000000000000:task/prod/${id}`)).placement?.by).to.equal('service:web')
    expect((await named('web:1')).placement).to.equal(undefined)
    expect(await named('beef').catch(({code}: KnownError) => code)).to.equal('TaskDefinitionNotFound')
  })
})
