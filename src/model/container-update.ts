// What of a container can be changed while it runs.
import type {ContainerLimits} from './observation.js'

/** A limit that a container has cannot be taken off while it runs, only set to another. */
export interface ContainerUpdate extends Partial<ContainerLimits> {
  readonly restartPolicy?: string
}
