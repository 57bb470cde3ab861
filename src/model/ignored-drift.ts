// Drift that somebody knows of and that does not count: kept in the state, so that a whole team need not look at it again.
import type {InstanceId} from './instance.js'
import type {Timestamp} from './time.js'

/** In the order in which they are told of one instance. */
export const DRIFT_KINDS = ['removed', 'started', 'replaced', 'limits', 'labels', 'port', 'image', 'engine', 'clock'] as const

/**
 * - `removed`: a container of a task that should run is gone;
 * - `started`: a container bears our labels, and no task is known that it belongs to;
 * - `replaced`: another container stands under a task's recorded name;
 * - `limits`: an engine holds a container to other limits, or restarts it by a policy of its own;
 * - `labels`: a container's labels of ours say other things than the state;
 * - `port`: a port of a task is published otherwise than recorded, or another container has it;
 * - `image`: the reference that a task runs now names another image on its host;
 * - `engine`: the host is not what it was when it was recorded;
 * - `clock`: the host's clock is off.
 */
export type DriftKind = (typeof DRIFT_KINDS)[number]

/** Under the id of a drift, which tells of what was found too: what is found changed again has another id, and counts. */
export interface IgnoredDrift {
  readonly id: string
  readonly instanceId: InstanceId
  readonly kind: DriftKind
  /** What it is about and what was found, as it was told then. */
  readonly subject: string
  readonly found: string
  readonly by: string
  readonly at: Timestamp
}
