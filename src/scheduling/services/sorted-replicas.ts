// The tasks of a service by what is to become of them, and the bounds that its percentages set.
import {maximumTotal, minimumHealthy} from '../../model/deployment.js'
import type {Service} from '../../model/service.js'
import type {Standing} from './standing.js'

/** How the tasks of a service stand, sorted by what is to become of them. A task whose host is silent past its grace is in none of them. */
export interface Replicas {
  readonly service: Service
  /** Wanted and there, of the PRIMARY deployment on an active instance, and not UNHEALTHY. */
  readonly good: readonly Standing[]
  /** As `good`, but UNHEALTHY. */
  readonly bad: readonly Standing[]
  /** Of an older deployment, or on an instance that takes no tasks any more. */
  readonly misfits: readonly Standing[]
  /** Those that stop. */
  readonly stopping: readonly Standing[]
  readonly minimumHealthy: number
  readonly maximumTotal: number
}

/** From how all of its unstopped tasks stand. */
export function sorted(service: Service, standings: readonly Standing[]): Replicas {
  const counted = standings.filter(({isLost}) => !isLost)
  const live = counted.filter(({isStopping}) => !isStopping)
  const fitting = live.filter(({isCurrent, isLeaving}) => isCurrent && !isLeaving)
  return {
    service,
    good: fitting.filter(({health}) => health !== 'UNHEALTHY'),
    bad: fitting.filter(({health}) => health === 'UNHEALTHY'),
    misfits: live.filter(({isCurrent, isLeaving}) => !isCurrent || isLeaving),
    stopping: counted.filter(({isStopping}) => isStopping),
    minimumHealthy: minimumHealthy(service.desiredCount, service.deploymentConfiguration),
    maximumTotal: maximumTotal(service.desiredCount, service.deploymentConfiguration),
  }
}
