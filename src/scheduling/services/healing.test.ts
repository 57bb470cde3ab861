// Whose it is to bring a task back.
import {expect} from 'chai'
import {renderPlan} from '../../model/plan.js'
import type {Task} from '../../model/task.js'
import {aCluster, aDefinition, aDocument, anInstance, aState, aTask, LONG_AGO} from '../../../test/support/build.js'
import {planHealing} from './healing.js'

const WORKLOAD = {kind: 'service', id: 's'.repeat(32), name: 'web', deploymentId: 'd'.repeat(32), slot: 1} as const

describe('planHealing', () => {
  const plan = (task: Partial<Task>, to: 'engine' | 'us', document = aDocument()) => {
    const state = aState({instances: [anInstance()], definitions: [aDefinition({document})], tasks: [aTask({workload: WORKLOAD, ...task})]})
    return renderPlan(planHealing(state, {clusterId: aCluster().id, to}))
  }

  it('hands a running task of one plain container to its engine, once', () => {
    expect(plan({}, 'engine')).to.match(
      /^have the engine of a start task 0{7}1b{24} again when it ends \(nobody else would bring it back\)$/,
    )
    expect(plan({engineRestarts: true}, 'engine')).to.equal('nothing to do')
  })

  it('takes back what is the engine’s, and nothing else', () => {
    expect(plan({engineRestarts: true}, 'us')).to.match(/^have the engine of a leave task .* down when it ends/)
    expect(plan({}, 'us')).to.equal('nothing to do')
  })

  it('leaves alone what no service keeps, what does not run, and what is wanted stopped', () => {
    const {workload: _, ...lone} = aTask({workload: WORKLOAD})
    const state = aState({instances: [anInstance()], definitions: [aDefinition()], tasks: [lone]})

    expect(planHealing(state, {clusterId: aCluster().id, to: 'engine'}).actions).to.deep.equal([])
    expect(plan({lastStatus: 'PENDING'}, 'engine')).to.equal('nothing to do')
    expect(plan({desiredStatus: 'STOPPED'}, 'engine')).to.equal('nothing to do')
  })

  it('never hands over several containers, a shared namespace, or what has a restart policy of its own', () => {
    const [container] = aDocument().containerDefinitions
    const two = {...aDocument(), containerDefinitions: [container, {...container, name: 'helper'}]} as ReturnType<typeof aDocument>

    expect(plan({}, 'engine', two)).to.equal('nothing to do')
    expect(plan({}, 'engine', {...aDocument(), networkMode: 'awsvpc'})).to.equal('nothing to do')
    expect(plan({}, 'engine', aDocument({restartPolicy: {enabled: true}}))).to.equal('nothing to do')
  })

  it('waits for a host that is silent', () => {
    const state = aState({
      instances: [anInstance({silentSince: LONG_AGO})],
      definitions: [aDefinition()],
      tasks: [aTask({workload: WORKLOAD})],
    })

    expect(planHealing(state, {clusterId: aCluster().id, to: 'engine'}).actions).to.deep.equal([])
  })
})
