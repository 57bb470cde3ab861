// What a client is about to do on hosts, written down before it begins: whoever comes after a client that died can finish it, or take it back.
import type {Client} from './client.js'
import type {ClusterId} from './cluster.js'
import type {InstanceId} from './instance.js'
import type {PullPolicy} from './pull-policy.js'
import type {TaskId} from './task.js'
import type {Timestamp} from './time.js'

/** An action of a plan, by the ids of what it is about. Whether it is done yet the state says. */
export type IntendedAction = {readonly after?: readonly number[]} & (
  | {readonly kind: 'startTask'; readonly taskId: TaskId; readonly pull?: PullPolicy}
  | {readonly kind: 'stopTask'; readonly taskId: TaskId; readonly timeoutSeconds?: number}
  | {readonly kind: 'removeTask'; readonly taskId: TaskId}
  | {readonly kind: 'leaveInstance'; readonly instanceId: InstanceId; readonly forget: boolean; readonly orphans: readonly TaskId[]}
  | {readonly kind: 'deleteCluster'; readonly clusterId: ClusterId}
)

/** Who types the same words long after means to do the same once more. */
export const SAME_WORDS_MS = 60 * 60 * 1000

export interface Intent {
  /** 32 hex digits. */
  readonly id: string
  readonly command: string
  readonly by: string
  readonly because: string
  readonly begunAt: Timestamp
  readonly client: Client
  /** A hash of all that was typed, and of the cluster that was meant: by it the same words again are known. '': none stand for it. */
  readonly typed: string
  /** In the order of the plan; `after` counts in it. */
  readonly actions: readonly IntendedAction[]
}
