import {expect} from 'chai'
import {aCluster, aState, aTask, anId, anInstance} from '../../test/support/build.js'
import {TASK_STATUSES} from '../model/task.js'
import {clusterJson} from './clusters.js'

describe('clusterJson', () => {
  it('counts the instances that have joined, and tasks as ECS does, of this cluster only', () => {
    const other = aCluster({id: anId(2, 'c'), name: 'other'})
    const instances = [
      anInstance({name: 'a'}),
      anInstance({name: 'b', status: 'DRAINING'}),
      anInstance({name: 'c', status: 'REGISTERING'}),
      anInstance({name: 'd', clusterId: other.id}),
    ]
    const tasks = TASK_STATUSES.map((lastStatus, index) => aTask({id: anId(index), lastStatus}))
    const state = aState({clusters: [aCluster(), other], instances, tasks})

    expect(clusterJson(state, aCluster())).to.include({
      clusterArn: 'arn:aws:ecs:local:000000000000:cluster/prod',
      clusterName: 'prod',
      status: 'ACTIVE',
      registeredContainerInstancesCount: 2,
      runningTasksCount: 1,
      pendingTasksCount: 3,
      activeServicesCount: 0,
    })
    expect(clusterJson(state, other)).to.include({registeredContainerInstancesCount: 1, runningTasksCount: 0, pendingTasksCount: 0})
  })
})
