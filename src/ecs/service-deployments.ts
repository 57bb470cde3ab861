// Deployments of services and daemons as DescribeServiceDeployments tells them.
import type {DescribeServiceDeploymentsResponse, ServiceDeployment, ServiceDeploymentStatus} from '@aws-sdk/client-ecs'
import type {Deployment} from '../model/deployment.js'
import type {Workload} from '../model/service.js'
import {type State, the} from '../model/state.js'
import {instant} from '../model/time.js'
import {overviewOf} from '../model/workload-records.js'
import {clusterArn, serviceArn, serviceDeploymentArn} from './arns.js'
import type {Described} from './described.js'
import type {WorkloadsDescribed} from './services.js'

/** The newest first. */
export function serviceDeploymentsJson({state, workloads}: WorkloadsDescribed) {
  const overview = overviewOf(state)
  return {
    serviceDeployments: workloads.flatMap((service) => overview(service.id).deployments.map((one) => deploymentJson(state, service, one))),
    failures: [],
  } satisfies Described<Partial<DescribeServiceDeploymentsResponse>>
}

function deploymentJson(state: State, service: Workload, deployment: Deployment): Described<ServiceDeployment> {
  const {name: cluster} = the(state.clusters, service.clusterId)
  const {createdAt, finishedAt, id, updatedAt} = deployment
  return {
    serviceDeploymentArn: serviceDeploymentArn(cluster, service.name, id),
    serviceArn: serviceArn(cluster, service.name),
    clusterArn: clusterArn(cluster),
    createdAt: new Date(instant(createdAt)),
    startedAt: new Date(instant(deployment.begunAt)),
    updatedAt: new Date(instant(updatedAt)),
    ...(finishedAt === undefined ? {} : {finishedAt: new Date(instant(finishedAt))}),
    status: statusOf(deployment),
    statusReason: deployment.rolloutStateReason,
  }
}

function statusOf({cause, rolloutState}: Deployment): ServiceDeploymentStatus {
  const isBack = cause === 'ROLLBACK'
  switch (rolloutState) {
    case 'IN_PROGRESS':
      return isBack ? 'ROLLBACK_IN_PROGRESS' : 'IN_PROGRESS'
    case 'COMPLETED':
      return isBack ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL'
    case 'FAILED':
      return isBack ? 'ROLLBACK_FAILED' : 'STOPPED'
  }
}
