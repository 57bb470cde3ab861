// Why a task of a service went where it went, told long after from the history: the same that was decided.
import {expect} from 'chai'
import fc from 'fast-check'
import {
  aDaemon,
  aDefinition,
  aDeployment,
  aDocument,
  anId,
  anInstance,
  aService,
  aState,
  aTask,
  aCluster,
} from '../../test/support/build.js'
import {ImaginedHosts} from '../../test/support/imagined-hosts.js'
import {scenes} from '../../test/support/placement-scenes.js'
import {recordsChanged} from '../model/state-changes.js'
import type {State} from '../model/state.js'
import {timestamp} from '../model/time.js'
import {explainStart, type PastStart, pastStarts} from './past-starts.js'

const asked = () => []

/** The state, what is decided on it as it is recorded, and what the history tells of that. */
function decided(state: State): {readonly before: State; readonly starts: readonly PastStart[]; readonly hosts: ImaginedHosts} {
  const hosts = new ImaginedHosts(state)
  const {now} = hosts
  hosts.record(hosts.decide().plan)
  const commit = {revision: 1, at: timestamp(now), records: recordsChanged(state, hosts.state)}
  return {before: state, starts: pastStarts([commit], aCluster().id), hosts}
}

const namesOf = (state: State) => (id: string) => state.instances[id]?.name

describe('pastStarts', () => {
  const state = aState({
    instances: ['a', 'b'].map((name) => anInstance({name})),
    definitions: [aDefinition(), aDefinition({family: 'agent'})],
    services: [aService({desiredCount: 3})],
    daemons: [aDaemon({deploymentId: anId(2, 'd')})],
    deployments: [aDeployment(), aDeployment({id: anId(2, 'd'), workloadId: anId(2, '5'), definitionId: 'agent:1'})],
  })

  it('tells the daemons of a commit before its services, each with its tasks in order', () => {
    const {starts} = decided(state)

    expect(starts.map(({tasks, workload}) => [workload.kind, workload.name, tasks.length])).to.deep.equal([
      ['daemon', 'agent', 2],
      ['service', 'web', 3],
    ])
    expect(starts[1]?.tasks.map(({workload}) => workload?.slot)).to.deep.equal([1, 2, 3])
  })

  it('knows no task that was changed, was there before, is of a run or of another cluster', () => {
    const {hosts, starts} = decided(state)
    const records = starts.flatMap(({tasks}) => tasks).map((task) => ({table: 'tasks' as const, id: task.id, record: task}))
    const again = {revision: 2, at: timestamp(hosts.now), records}
    const first = {...again, revision: 1}
    const run = {...again, records: [{table: 'tasks' as const, id: anId(7), record: aTask({lastStatus: 'PENDING'})}]}
    const changed = {...again, records: records.map((one) => ({...one, record: {...one.record, version: 2}}))}

    expect(pastStarts([first, again], aCluster().id).map(({revision}) => revision)).to.deep.equal([1, 1])
    expect(pastStarts([run, changed], aCluster().id)).to.deep.equal([])
    expect(pastStarts([first], anId(9, 'c'))).to.deep.equal([])
  })

  it('says of a task of a daemon what each instance had, and ranks none', () => {
    const {before, starts} = decided(state)
    const task = starts[0]?.tasks[1]

    const told = task && explainStart(before, starts, task, asked)

    expect(told?.explanation.strategies).to.deep.equal([])
    expect(told?.explanation.chosen).to.deep.equal({
      instance: namesOf(before)(task?.instanceId ?? ''),
      because: 'a daemon has one task on each instance that it belongs on',
    })
    expect(told?.explanation.instances.map(({fits, rank}) => [fits, rank]).filter(([fits]) => fits)).to.deep.equal([[true, undefined]])
  })

  it('tells nothing of a task whose service the state does not know', () => {
    const {before, starts} = decided(state)
    const task = starts[1]?.tasks[0]

    expect(task && explainStart({...before, services: {}}, starts, task, asked)).to.equal(undefined)
  })
})

describe('explainStart, whatever stands', () => {
  it('chooses for each task the instance that it got', () => {
    const told = fc.property(scenes, fc.nat({max: 3}), ({request, state}, others) => {
      const {document} = request
      const service = aService({
        desiredCount: request.count,
        placementConstraints: request.constraints,
        placementStrategies: request.strategies,
      })
      const other = aService({id: anId(3, '5'), name: 'api', desiredCount: others, deploymentId: anId(3, 'd')})
      const begun: State = {
        ...state,
        ...pickTables(
          aState({
            definitions: [aDefinition({document}), aDefinition({family: 'api', document: aDocument({memory: 50}, 'api')})],
            services: [service, other],
            deployments: [aDeployment(), aDeployment({id: anId(3, 'd'), workloadId: anId(3, '5'), definitionId: 'api:1'})],
          }),
        ),
      }
      const {before, starts} = decided(begun)
      const nameOf = namesOf(before)
      for (const task of starts.flatMap(({tasks}) => tasks)) {
        const explained = explainStart(before, starts, task, asked)
        expect(explained?.explanation.chosen?.instance).to.equal(nameOf(task.instanceId))
      }
    })
    fc.assert(told, {numRuns: 500})
  })
})

function pickTables({definitions, deployments, families, services}: State) {
  return {definitions, deployments, families, services}
}
