// Why tasks went where they went, or nowhere, kept beside the state.
import type {PlacementRecord} from '../model/placement-record.js'
import type {TaskId} from '../model/task.js'

export interface PlacementRecords {
  /** After it the record is among the newest thousand, which are kept. */
  keep(record: PlacementRecord): Promise<void>
  /** The record of the run that placed the task; `undefined` when none is kept any more. */
  of(taskId: TaskId): Promise<PlacementRecord | undefined>
  /** All that are kept, the newest first. */
  list(): Promise<readonly PlacementRecord[]>
}
