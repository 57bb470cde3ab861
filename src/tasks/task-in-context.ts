// A task together with what it was made from.
import type {Cluster} from '../model/cluster.js'
import type {Deployment} from '../model/deployment.js'
import {runDocument} from '../model/run-document.js'
import type {Task} from '../model/task.js'
import type {TaskDefinition, TaskDefinitionDocument} from '../model/task-definition.js'
import type {RunMaterials} from './materials.js'

/** A task with all that its containers are made from. */
export interface TaskInContext {
  readonly task: Task
  readonly cluster: Cluster
  readonly definition: TaskDefinition
  /** Absent: nothing of the kind is needed, or the containers are made already. */
  readonly materials?: RunMaterials
  /** The images that its deployment is held to, by the container's name. */
  readonly images?: Deployment['images']
  /** Cores of the host; absent: not known. */
  readonly coreCount?: number
  /** Of the state that it was taken from; absent: the containers are made already. */
  readonly epoch?: number
}

/** The definition as this run changes it, and as it really runs: with the container that holds shared namespaces. */
export function documentOf({definition, task}: Pick<TaskInContext, 'definition' | 'task'>): TaskDefinitionDocument {
  return runDocument(definition.document, task.override)
}
