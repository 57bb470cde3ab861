// The actions that are about services and daemons themselves; what they start and stop are tasks as any others.
import {type Deployment, deploymentName, type PinnedImage, type RolloutState} from './deployment.js'
import type {Daemon, Service} from './service.js'
import type {Instance} from './instance.js'
import type {Step} from './step.js'
import type {TaskId} from './task.js'
import type {Timestamp} from './time.js'

export interface PutService extends Step {
  readonly kind: 'putService'
  /** As it will stand in the state. */
  readonly service: Service
  readonly isNew: boolean
  /** What of it is another, as phrases: `desired count 2 -> 4`. */
  readonly changes: readonly string[]
}

export interface PutDaemon extends Step {
  readonly kind: 'putDaemon'
  readonly daemon: Daemon
  readonly isNew: boolean
  readonly changes: readonly string[]
}

export interface BeginDeployment extends Step {
  readonly kind: 'beginDeployment'
  readonly deployment: Deployment
  readonly name: string
}

export interface EndDeployment extends Step {
  readonly kind: 'endDeployment'
  readonly deploymentId: string
  readonly rolloutState: RolloutState
  /** What `rolloutStateReason` will say. */
  readonly reason: string
  readonly name: string
}

export interface PinImages extends Step {
  readonly kind: 'pinImages'
  readonly deploymentId: string
  readonly images: Readonly<Record<string, PinnedImage>>
  readonly name: string
}

export interface DeleteWorkload extends Step {
  readonly kind: 'deleteWorkload'
  readonly workload: 'service' | 'daemon'
  readonly id: string
  readonly name: string
}

export interface ForgetWorkload extends Step {
  readonly kind: 'forgetWorkload'
  readonly workload: 'service' | 'daemon'
  readonly id: string
  readonly name: string
}

export interface TellEvent extends Step {
  readonly kind: 'tellEvent'
  readonly workloadId: string
  /** In ECS's words. */
  readonly message: string
}

export interface ProtectTask extends Step {
  readonly kind: 'protectTask'
  readonly taskId: TaskId
  /** Absent: it is protected no more. */
  readonly until?: Timestamp
}

export interface MoveTask extends Step {
  readonly kind: 'moveTask'
  readonly taskId: TaskId
  /** Names of instances; where its successor truly goes placement says when it starts. */
  readonly from: string
  readonly to: string
}

export interface HandHealing extends Step {
  readonly kind: 'handHealing'
  readonly taskId: TaskId
  readonly instance: Instance
  readonly containerNames: readonly string[]
  readonly to: 'engine' | 'us'
}

export type ServiceAction =
  | PutService
  | PutDaemon
  | BeginDeployment
  | EndDeployment
  | PinImages
  | DeleteWorkload
  | ForgetWorkload
  | TellEvent
  | ProtectTask
  | HandHealing
  | MoveTask

const KINDS: Readonly<Record<ServiceAction['kind'], true>> = {
  putService: true,
  putDaemon: true,
  beginDeployment: true,
  endDeployment: true,
  pinImages: true,
  deleteWorkload: true,
  forgetWorkload: true,
  tellEvent: true,
  protectTask: true,
  handHealing: true,
  moveTask: true,
}

export function isServiceAction(action: {readonly kind: string}): action is ServiceAction {
  return Object.hasOwn(KINDS, action.kind)
}

/** One line, as `renderPlan` gives one for every action. */
export function renderServiceAction(action: ServiceAction): string {
  switch (action.kind) {
    case 'putService':
      return `${action.isNew ? 'create' : 'update'} service ${action.service.name}${listed(action.changes)}`
    case 'putDaemon':
      return `${action.isNew ? 'create' : 'update'} daemon ${action.daemon.name}${listed(action.changes)}`
    case 'beginDeployment':
      return `deploy ${action.deployment.definitionId} to ${action.name} as ${deploymentName(action.deployment.id)}`
    case 'endDeployment':
      return `deployment ${deploymentName(action.deploymentId)} of ${action.name} is ${action.rolloutState}`
    case 'pinImages':
      return `hold deployment ${deploymentName(action.deploymentId)} of ${action.name} to ${Object.values(action.images)
        .map(({id, repoDigest}) => repoDigest ?? id)
        .join(', ')}`
    case 'deleteWorkload':
      return `delete ${action.workload} ${action.name}`
    case 'forgetWorkload':
      return `forget ${action.workload} ${action.name}`
    case 'tellEvent':
      return `tell: ${action.message}`
    case 'protectTask':
      return action.until === undefined ? `protect task ${action.taskId} no longer` : `protect task ${action.taskId} until ${action.until}`
    case 'moveTask':
      return `replace task ${action.taskId} on ${action.from} by one on ${action.to}`
    case 'handHealing':
      return healing(action)
  }
}

function healing({instance, taskId, to}: HandHealing): string {
  return to === 'engine'
    ? `have the engine of ${instance.name} start task ${taskId} again when it ends`
    : `have the engine of ${instance.name} leave task ${taskId} down when it ends`
}

function listed(changes: readonly string[]): string {
  return changes.length === 0 ? '' : `: ${changes.join(', ')}`
}
