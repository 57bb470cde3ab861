// What is asked about drift, and what it is looked at through: how the rooms that make containers, fold looks into records and name attributes would have
// things.
import type {RequiredAttribute} from '../../model/attributes.js'
import type {ClusterId} from '../../model/cluster.js'
import type {ContainerWish, HostInspected, Inspection} from '../../model/inspection.js'
import type {EngineFacts, Instance} from '../../model/instance.js'
import type {ContainerSeen, FoundContainer} from '../../model/observation.js'
import type {UpdateInstance} from '../../model/plan.js'
import type {State} from '../../model/state.js'
import type {Task, TaskContainer} from '../../model/task.js'
import type {TaskDefinitionDocument, TaskOverride} from '../../model/task-definition.js'

/** All of it pure, of one state and one moment. */
export interface DriftLens {
  /** How a container of the task is wanted, by its name in the definition. */
  readonly wish: (task: Task, containerName: string) => ContainerWish | undefined
  /** The record of the task as a look at these containers would leave it; those that are not among them are gone. */
  readonly found: (task: Task, containers: readonly ContainerSeen[]) => Task
  /** The record of a task that the state does not know; a phrase where none can be made. */
  readonly adopted: (instance: Instance, containers: readonly FoundContainer[]) => Task | string
  /** The override under which the containers, by their names in the definition, would be wanted as they are; `undefined`: there is none. */
  readonly override: (task: Task, containers: Readonly<Record<string, ContainerSeen>>) => TaskOverride | undefined
  /** What of the instance is recorded anew where its engine says this; a phrase where it cannot be. */
  readonly hostChange: (instance: Instance, facts: EngineFacts) => UpdateInstance['change'] | string
  readonly requiredAttributes: (document: TaskDefinitionDocument) => readonly RequiredAttribute[]
}

/** What was asked, and when: the state before the look and the one to compare with, which may be newer. */
export interface DriftAsked {
  readonly before: State
  readonly state: State
  readonly clusterId: ClusterId
  readonly inspection: Inspection
  readonly lens: DriftLens
}

/** One host that answered, and what of the state belongs to it. */
export interface HostAsked extends DriftAsked {
  readonly instance: Instance
  readonly host: HostInspected & {readonly answered: true}
  /** Its unstopped tasks that nobody has changed since before the look: of the others the look tells of another time. */
  readonly tasks: readonly Task[]
}

/** The container of the task that stands under its recorded name. */
export function ownOf({host}: HostAsked, task: Task, {containerName}: TaskContainer): ContainerSeen | undefined {
  return host.containers.find(({name, owner}) => name === containerName && owner?.taskId === task.id)
}
