// The processes that may be clients of the state.
import type {Client} from '../model/client.js'

export interface Clients {
  /** This very process. */
  self(): Client
  /** Does that very process still run? */
  isAlive(client: Client): boolean
}

/** What a shared state knows of the clients on all machines. */
export interface Presence {
  /** Did it live when the state was last read? */
  isPresent(client: Client): boolean
}
