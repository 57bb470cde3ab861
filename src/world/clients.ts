// The processes of this machine that may be clients of the state.
import type {Client} from '../model/intent.js'

export interface Clients {
  /** This very process. */
  self(): Client
  /** Does that very process still run? */
  isAlive(client: Client): boolean
}
