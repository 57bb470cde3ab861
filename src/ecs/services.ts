// A service as DescribeServices tells it; a daemon is one there too, of the other scheduling strategy.
import type {DeleteServiceResponse, DescribeServicesResponse, Deployment as EcsDeployment, Service as EcsService} from '@aws-sdk/client-ecs'
import {type Deployment, deploymentName} from '../model/deployment.js'
import type {Workload} from '../model/service.js'
import {type State, the} from '../model/state.js'
import type {Task} from '../model/task.js'
import {instant} from '../model/time.js'
import {isService, overviewOf, type WorkloadRecords} from '../model/workload-records.js'
import {clusterArn, definitionArn, serviceArn} from './arns.js'
import type {Described} from './described.js'

/** Services or daemons, and the state in which they stand. */
export interface WorkloadsDescribed {
  readonly state: State
  readonly workloads: readonly Workload[]
  /** How many tasks each shall have, by id. */
  readonly progress: Readonly<Record<string, {readonly desiredCount: number}>>
}

/** Counts what the state holds. Of the events the newest hundred, newest first. */
function serviceJson(state: State, service: Workload, records: WorkloadRecords, desiredCount: number): Described<EcsService> {
  const cluster = the(state.clusters, service.clusterId)
  const {deploymentId, name} = service
  const unstopped = records.tasks.filter(({lastStatus}) => lastStatus !== 'STOPPED')
  const deployments = records.deployments.filter(
    ({id}) => id === deploymentId || unstopped.some(({workload}) => workload?.deploymentId === id),
  )
  const primary = records.deployments.find(({id}) => id === deploymentId)
  return {
    serviceArn: serviceArn(cluster.name, name),
    serviceName: name,
    clusterArn: clusterArn(cluster.name),
    status: service.status,
    desiredCount,
    ...countsOf(unstopped),
    launchType: 'EXTERNAL',
    schedulingStrategy: isService(service) ? 'REPLICA' : 'DAEMON',
    deploymentController: {type: 'ECS'},
    ...(primary ? {taskDefinition: definitionArn(primary.definitionId)} : {}),
    deploymentConfiguration: configurationJson(service),
    deployments: deployments.map((one) => deploymentJson(service, one, records, desiredCount)),
    events: eventsJson(records),
    createdAt: new Date(instant(service.createdAt)),
    createdBy: service.createdBy,
    placementConstraints: service.placementConstraints.map((one) => ({...one})),
    placementStrategy: isService(service) ? service.placementStrategies.map((one) => ({...one})) : [],
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    propagateTags: service.propagateTags,
    tags: Object.entries(service.tags).map(([key, value]) => ({key, value})),
    loadBalancers: [],
    serviceRegistries: [],
    enableECSManagedTags: false,
    enableExecuteCommand: false,
  }
}

function configurationJson({deploymentConfiguration}: Workload): NonNullable<Described<EcsService>['deploymentConfiguration']> {
  const {circuitBreaker, maximumPercent, minimumHealthyPercent} = deploymentConfiguration
  const {threshold, ...breaker} = circuitBreaker
  return {
    deploymentCircuitBreaker: {...breaker, thresholdConfiguration: threshold},
    maximumPercent,
    minimumHealthyPercent,
    strategy: 'ROLLING',
  }
}

function deploymentJson(
  {deploymentId}: Workload,
  deployment: Deployment,
  {tasks}: WorkloadRecords,
  desiredCount: number,
): Described<EcsDeployment> {
  const own = tasks.filter(({workload}) => workload?.deploymentId === deployment.id)
  const isPrimary = deployment.id === deploymentId
  return {
    id: deploymentName(deployment.id),
    status: isPrimary ? 'PRIMARY' : 'ACTIVE',
    taskDefinition: definitionArn(deployment.definitionId),
    desiredCount: isPrimary ? desiredCount : 0,
    ...countsOf(own.filter(({lastStatus}) => lastStatus !== 'STOPPED')),
    failedTasks: own.filter(({stopCode}) => stopCode === 'TaskFailedToStart' || stopCode === 'EssentialContainerExited').length,
    createdAt: new Date(instant(deployment.createdAt)),
    updatedAt: new Date(instant(deployment.updatedAt)),
    launchType: 'EXTERNAL',
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  }
}

function eventsJson({events}: WorkloadRecords) {
  return events.map(({at, id, message}) => ({id, createdAt: new Date(instant(at)), message}))
}

function countsOf(unstopped: readonly Task[]): {readonly runningCount: number; readonly pendingCount: number} {
  return {
    runningCount: unstopped.filter(({lastStatus}) => lastStatus === 'RUNNING').length,
    pendingCount: unstopped.filter(({lastStatus}) => lastStatus === 'PENDING' || lastStatus === 'PROVISIONING').length,
  }
}

/** As DescribeServices answers. */
export function servicesJson(described: WorkloadsDescribed) {
  return {services: allJson(described), failures: []} satisfies Described<Partial<DescribeServicesResponse>>
}

/** The one that was changed, as CreateService, UpdateService and DeleteService answer. */
export function oneServiceJson(described: WorkloadsDescribed) {
  const [service] = allJson(described)
  return (service ? {service} : {}) satisfies Described<Partial<DeleteServiceResponse>>
}

/** Their events alone, the newest first. */
export function serviceEventsJson({state, workloads}: WorkloadsDescribed) {
  const overview = overviewOf(state)
  return {events: workloads.flatMap(({id}) => eventsJson(overview(id)))} satisfies Described<Partial<EcsService>>
}

function allJson({progress, state, workloads}: WorkloadsDescribed): readonly Described<EcsService>[] {
  const overview = overviewOf(state)
  return workloads.map((one) => serviceJson(state, one, overview(one.id), progress[one.id]?.desiredCount ?? 0))
}
