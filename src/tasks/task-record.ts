// What of a task's record stands on its containers and nowhere else on the host: written as one label, read when the state is made anew.
import type {Task} from '../model/task.js'
import type {Timestamp} from '../model/time.js'

/** What no other label tells, and no look at the container. */
export type TaskRecord = Pick<Task, 'createdAt' | 'gpuIds' | 'override' | 'removeWhenStopped'>

/** As JSON. */
export function taskRecordText({createdAt, gpuIds, override, removeWhenStopped}: Task): string {
  const record: TaskRecord = {
    createdAt,
    ...(override === undefined ? {} : {override}),
    ...(gpuIds === undefined ? {} : {gpuIds}),
    ...(removeWhenStopped === undefined ? {} : {removeWhenStopped}),
  }
  return JSON.stringify(record)
}

/** The record in the text; where it is none, one of a task that was made at that time. */
export function parseTaskRecord(text: string | undefined, madeAt: Timestamp): TaskRecord {
  try {
    const record = JSON.parse(text ?? '') as Partial<TaskRecord> | null
    return {...record, createdAt: typeof record?.createdAt === 'string' ? record.createdAt : madeAt}
  } catch {
    // Not what we wrote: the rest of the task is told by its other labels.
    return {createdAt: madeAt}
  }
}
