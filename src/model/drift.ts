// What differs between what the state says of a cluster and what its hosts hold, and the answers that each difference has.
import type {DriftKind} from './ignored-drift.js'
import type {Instance} from './instance.js'
import type {UpdateInstance} from './plan.js'
import type {Task, TaskId} from './task.js'
import type {TaskOverride} from './task-definition.js'
import type {ContainerUpdate} from './container-update.js'

/** One container on a host, by the id that no other will ever have. */
export interface ContainerNamed {
  readonly runtimeId: string
  readonly name: string
}

/** What an answer does, for the plan. */
export type Remedy =
  /** The task as it was found. */
  | {readonly kind: 'record'; readonly task: Task}
  /** The task wants from now on what it has. */
  | {readonly kind: 'override'; readonly taskId: TaskId; readonly override: TaskOverride}
  /** The task ends, as it was found or by being stopped, and another takes its place. */
  | {readonly kind: 'replace'; readonly taskId: TaskId; readonly found: Task}
  | {readonly kind: 'remove'; readonly taskId: TaskId; readonly containers: readonly ContainerNamed[]}
  | {
      readonly kind: 'update'
      readonly taskId: TaskId
      readonly containers: readonly (ContainerNamed & {readonly update: ContainerUpdate})[]
    }
  | {readonly kind: 'tag'; readonly imageId: string; readonly reference: string}
  | {readonly kind: 'host'; readonly change: UpdateInstance['change']}
  /** Nothing is done: it is known from now on. */
  | {readonly kind: 'know'}

/** An answer that can be given, with what it brings; or why it cannot, and the command that would mend it by hand. */
export type Answer =
  | {readonly possible: true; readonly said: string; readonly remedy: Remedy}
  | {readonly possible: false; readonly said: string; readonly mend?: string}

/** One difference. */
export interface Drift {
  /** 12 hex digits that follow from kind, instance, subject and what was found: the same difference always has the same id. */
  readonly id: string
  readonly kind: DriftKind
  readonly instance: Instance
  /** `task 4f1c...`, `container NAME`, `image web:1`, `port 8080/tcp`... */
  readonly subject: string
  readonly wanted: string
  readonly found: string
  readonly adopt: Answer
  readonly revert: Answer
}

/** The answers that a person gives; `ignore` is always possible. */
export type AnswerName = 'adopt' | 'revert' | 'ignore'
