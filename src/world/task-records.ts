// What belongs beside the state: the last words of stopped tasks.
import type {TaskId} from '../model/task.js'

export interface TaskRecords {
  /** Keeps the last lines a task printed, cut to 64 KiB from the end. */
  keepLastWords(taskId: TaskId, text: string): Promise<void>
  /** `undefined` when none were kept. */
  lastWords(taskId: TaskId): Promise<string | undefined>
  forget(taskIds: readonly TaskId[]): Promise<void>
}
