// A decision as data: what to do, why, and in which order. Reading a plan changes nothing; `--dry-run` prints it.
import type {Cluster} from './cluster.js'
import {type DriftAction, renderDriftAction} from './drift-actions.js'
import type {Instance} from './instance.js'
import {hostText} from './host-address.js'
import {quoted} from './names.js'
import type {Attributes} from './attributes.js'
import type {Refusal} from './placement.js'
import {isServiceAction, renderServiceAction, type ServiceAction} from './service-actions.js'
import type {WorkloadSeat} from './service.js'
import type {RecordChange} from './state-changes.js'
import type {PullPolicy} from './pull-policy.js'
import type {Step} from './step.js'
import type {StopCode, TaskId} from './task.js'
import type {TaskDefinition, TaskOverride} from './task-definition.js'
import type {Need} from './resources.js'

export interface CreateCluster extends Step {
  readonly kind: 'createCluster'
  readonly name: string
}

export interface DeleteCluster extends Step {
  readonly kind: 'deleteCluster'
  readonly cluster: Cluster
}

export interface JoinInstance extends Step {
  readonly kind: 'joinInstance'
  /** As it will stand in the state; its id is already drawn. */
  readonly instance: Instance
}

export interface UpdateInstance extends Step {
  readonly kind: 'updateInstance'
  readonly instance: Instance
  /** Only what changes. */
  readonly change: {
    readonly status?: 'ACTIVE' | 'DRAINING'
    readonly customAttributes?: Attributes
    readonly builtInAttributes?: Attributes
    readonly resourceSettings?: Instance['resourceSettings']
    readonly registered?: Instance['registered']
    readonly engine?: Instance['engine']
  }
}

export interface LeaveInstance extends Step {
  readonly kind: 'leaveInstance'
  readonly instance: Instance
  /** Its tasks go on, and are no longer ours. */
  readonly orphans: readonly TaskId[]
  /** The host does not answer, or need not be asked: only the state forgets it. */
  readonly forget: boolean
}

export interface RegisterDefinition extends Step {
  readonly kind: 'registerDefinition'
  readonly definition: TaskDefinition
}

export interface DeregisterDefinition extends Step {
  readonly kind: 'deregisterDefinition'
  readonly definition: TaskDefinition
}

export interface DeleteDefinition extends Step {
  readonly kind: 'deleteDefinition'
  readonly definition: TaskDefinition
}

export interface StartTask extends Step {
  readonly kind: 'startTask'
  /** The seat of this task in its request, such as `run/1`: ids are allotted when the plan is recorded. */
  readonly slot: string
  readonly instance: Instance
  readonly definition: TaskDefinition
  readonly override?: TaskOverride
  readonly need: Need
  /** The GPUs that become its own. */
  readonly gpuIds?: readonly string[]
  readonly group: string
  readonly startedBy?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Where a service or a daemon keeps it running. */
  readonly workload?: WorkloadSeat
  readonly removeWhenStopped?: true
  /** Default: `missing`. */
  readonly pull?: PullPolicy
}

export interface StopTask extends Step {
  readonly kind: 'stopTask'
  readonly taskId: TaskId
  readonly instance: Instance
  readonly stopCode: StopCode
  /** What `stoppedReason` will say. */
  readonly stoppedReason: string
  /** Overrides the definition's seconds between the stop signal and SIGKILL. */
  readonly timeoutSeconds?: number
}

export interface RemoveTask extends Step {
  readonly kind: 'removeTask'
  readonly taskId: TaskId
  readonly instance: Instance
  /** The containers that go with it, by name. */
  readonly containerNames: readonly string[]
  /** The volumes of its own, by name. */
  readonly volumeNames: readonly string[]
}

export interface RestoreState extends Step {
  readonly kind: 'restoreState'
  /** The revision that the state becomes again. */
  readonly revision: number
  /** What that changes. */
  readonly records: readonly RecordChange[]
  /** Of another store, where it is put there. */
  readonly location?: string
}

export interface RebuildState extends Step {
  readonly kind: 'rebuildState'
  /** What becomes known, or known better. */
  readonly records: readonly RecordChange[]
}

export type Action =
  | CreateCluster
  | DeleteCluster
  | JoinInstance
  | UpdateInstance
  | LeaveInstance
  | RegisterDefinition
  | DeregisterDefinition
  | DeleteDefinition
  | StartTask
  | StopTask
  | RemoveTask
  | RestoreState
  | RebuildState
  | DriftAction
  | ServiceAction

/** A remark for a person that asks for no deed. */
export interface Note {
  readonly said: string
}

export interface Plan {
  readonly actions: readonly Action[]
  readonly notes: readonly Note[]
  /** Tasks that found no seat. */
  readonly refusals: readonly Refusal[]
}

/** Does it stop or remove anything? */
export function isDestructive(plan: Plan): boolean {
  return plan.actions.some((action) => action.destructive)
}

/** The plan in words, one line an action, then the notes: what `--dry-run` prints and what tests compare. */
export function renderPlan(plan: Plan): string {
  const actions = plan.actions.map((action) => `${renderAction(action)} (${action.because})`)
  const notes = plan.notes.map((note) => `note: ${note.said}`)
  const lines = [...actions, ...notes]
  return lines.length === 0 ? 'nothing to do' : lines.join('\n')
}

function renderAction(action: Action): string {
  switch (action.kind) {
    case 'createCluster':
      return `create cluster ${action.name}`
    case 'deleteCluster':
      return `delete cluster ${action.cluster.name}`
    case 'joinInstance':
      return `join ${hostText(action.instance.address)} as ${action.instance.name}`
    case 'updateInstance':
      return `update instance ${action.instance.name}: ${Object.keys(action.change).join(', ')}`
    case 'leaveInstance':
      return `${action.forget ? 'forget' : 'take out'} instance ${action.instance.name}`
    case 'registerDefinition':
      return `register ${action.definition.id}`
    case 'deregisterDefinition':
      return `deregister ${action.definition.id}`
    case 'deleteDefinition':
      return `delete ${action.definition.id}`
    case 'startTask':
      return `start ${action.slot} of ${action.definition.id} on ${action.instance.name}`
    case 'stopTask':
      return `stop task ${action.taskId} on ${action.instance.name}`
    case 'removeTask':
      return `remove task ${action.taskId} from ${action.instance.name}`
    case 'restoreState':
      return restoring(action)
    case 'rebuildState':
      return `rebuild the state: ${action.records.length === 1 ? '1 record' : `${action.records.length} records`} of what the hosts bear`
    default:
      return isServiceAction(action) ? renderServiceAction(action) : renderDriftAction(action)
  }
}

/** Of a state that cannot be read nobody knows what changes. */
function restoring({location, records, revision}: RestoreState): string {
  const changes = records.length === 1 ? '1 record changes' : `${records.length} records change`
  if (location !== undefined) return `copy the state of revision ${revision} to ${quoted(location)}: ${changes}`
  return records.length === 0 ? `make the state of revision ${revision} anew` : `restore the state of revision ${revision}: ${changes}`
}
