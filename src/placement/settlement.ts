// Tasks that stand on a fleet, as a simulation takes them up.
import type {InstanceId} from '../model/instance.js'
import type {PlacementRequest} from '../model/placement.js'

/** Tasks that are alike and are on one instance. */
export interface Settlement {
  /** What they are called where they find no place: their definition, or their service. */
  readonly named: string
  readonly instanceId: InstanceId
  /** For as many as there are. */
  readonly request: PlacementRequest
  /** Of a service: its tasks are replaced as long as fewer than are desired are left. */
  readonly service?: SettledService
}

/** A service as it stands before anything is lost. */
export interface SettledService {
  readonly name: string
  readonly desiredCount: number
  /** On all instances together. */
  readonly presentCount: number
}
