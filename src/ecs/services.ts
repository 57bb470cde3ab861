// A service as DescribeServices tells it.
import type {DeleteServiceResponse, DescribeServicesResponse, Deployment as EcsDeployment, Service as EcsService} from '@aws-sdk/client-ecs'
import {type Deployment, deploymentName} from '../model/deployment.js'
import type {Service} from '../model/service.js'
import {type State, the} from '../model/state.js'
import type {Task} from '../model/task.js'
import {instant} from '../model/time.js'
import {overviewOf, type WorkloadRecords} from '../model/workload-records.js'
import {clusterArn, definitionArn, serviceArn} from './arns.js'
import type {Described} from './described.js'

/** Services, and the state in which they stand. */
export interface ServicesDescribed {
  readonly state: State
  readonly services: readonly Service[]
}

/** Counts what the state holds. Of the events the newest hundred, newest first. */
export function serviceJson(state: State, service: Service, records: WorkloadRecords): Described<EcsService> {
  const cluster = the(state.clusters, service.clusterId)
  const {deploymentId, desiredCount, name} = service
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
    schedulingStrategy: 'REPLICA',
    deploymentController: {type: 'ECS'},
    ...(primary ? {taskDefinition: definitionArn(primary.definitionId)} : {}),
    deploymentConfiguration: configurationJson(service),
    deployments: deployments.map((one) => deploymentJson(service, one, records)),
    events: eventsJson(records),
    createdAt: new Date(instant(service.createdAt)),
    createdBy: service.createdBy,
    placementConstraints: service.placementConstraints.map((one) => ({...one})),
    placementStrategy: service.placementStrategies.map((one) => ({...one})),
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    propagateTags: service.propagateTags,
    tags: Object.entries(service.tags).map(([key, value]) => ({key, value})),
    loadBalancers: [],
    serviceRegistries: [],
    enableECSManagedTags: false,
    enableExecuteCommand: false,
  }
}

function configurationJson({deploymentConfiguration}: Service): NonNullable<Described<EcsService>['deploymentConfiguration']> {
  const {circuitBreaker, maximumPercent, minimumHealthyPercent} = deploymentConfiguration
  const {threshold, ...breaker} = circuitBreaker
  return {
    deploymentCircuitBreaker: {...breaker, thresholdConfiguration: threshold},
    maximumPercent,
    minimumHealthyPercent,
    strategy: 'ROLLING',
  }
}

function deploymentJson({deploymentId, desiredCount}: Service, deployment: Deployment, {tasks}: WorkloadRecords): Described<EcsDeployment> {
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

/** Services as DescribeServices answers. */
export function servicesJson({services, state}: ServicesDescribed) {
  const overview = overviewOf(state)
  return {
    services: services.map((service) => serviceJson(state, service, overview(service.id))),
    failures: [],
  } satisfies Described<Partial<DescribeServicesResponse>>
}

/** The one service that was changed, as CreateService, UpdateService and DeleteService answer. */
export function oneServiceJson({services, state}: ServicesDescribed) {
  const overview = overviewOf(state)
  const [service] = services
  return (service ? {service: serviceJson(state, service, overview(service.id))} : {}) satisfies Described<Partial<DeleteServiceResponse>>
}

/** Their events alone, the newest first. */
export function serviceEventsJson({services, state}: ServicesDescribed) {
  const overview = overviewOf(state)
  return {events: services.flatMap(({id}) => eventsJson(overview(id)))} satisfies Described<Partial<EcsService>>
}
