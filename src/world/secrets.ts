// Where values come from that no file of ours may hold.
import type {SecretSource} from '../model/secret-source.js'

export interface Secrets {
  /** The value, as it is when a task starts. Throws `NotFoundError` `SecretNotFound`, whose words never hold any of it. */
  read(source: SecretSource, signal: AbortSignal): Promise<string>
}
