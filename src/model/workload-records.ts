// The state by service and daemon: built once for whatever is about many of them.
import type {Deployment} from './deployment.js'
import type {Service, ServiceEvent, Workload} from './service.js'
import type {State} from './state.js'
import {compareText} from './state.js'
import type {Task} from './task.js'

/** All of one service or daemon. */
export interface WorkloadRecords {
  /** Stopped ones too, the oldest first, then by id. */
  readonly tasks: readonly Task[]
  /** The newest first. */
  readonly deployments: readonly Deployment[]
  /** The newest first. */
  readonly events: readonly ServiceEvent[]
}

const NOTHING: WorkloadRecords = {tasks: [], deployments: [], events: []}

/** By the workload's id. */
export type Overview = (workloadId: string) => WorkloadRecords

interface Growing {
  readonly tasks: Task[]
  readonly deployments: Deployment[]
  readonly events: ServiceEvent[]
}

/** One pass over the tables, whatever the number of services. */
export function overviewOf(state: State): Overview {
  const byId = new Map<string, Growing>()
  const of = (id: string) => {
    const known = byId.get(id) ?? {tasks: [], deployments: [], events: []}
    byId.set(id, known)
    return known
  }
  for (const task of Object.values(state.tasks)) if (task.workload) of(task.workload.id).tasks.push(task)
  for (const deployment of Object.values(state.deployments)) of(deployment.workloadId).deployments.push(deployment)
  for (const event of Object.values(state.serviceEvents)) of(event.workloadId).events.push(event)
  for (const {deployments, events, tasks} of byId.values()) {
    tasks.sort((a, b) => compareText(a.createdAt, b.createdAt) || compareText(a.id, b.id))
    deployments.sort((a, b) => compareText(b.begunAt, a.begunAt) || compareText(b.id, a.id))
    events.sort((a, b) => b.number - a.number)
  }
  return (id) => byId.get(id) ?? NOTHING
}

/** The PRIMARY deployment, which every workload has. */
export function primaryOf({deploymentId, name}: Workload, {deployments}: WorkloadRecords): Deployment {
  const primary = deployments.find(({id}) => id === deploymentId)
  if (!primary) throw new Error(`The state has no deployment ${deploymentId} of ${name}.`)
  return primary
}

/** Is it a service, and no daemon? */
export function isService(workload: Workload): workload is Service {
  return 'desiredCount' in workload
}
