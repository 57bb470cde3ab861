// The clients of a state that several machines share: those of this machine are looked up here, of all others the state tells.
import {readlinkSync} from 'node:fs'
import type {Client} from '../model/client.js'
import type {Clients, Presence} from '../world/clients.js'

/** The number space that processes outside of containers share (PROC_PID_INIT_INO of Linux). */
const OUTSIDE = 'pid:[4026531836]'

export class SharedClients implements Clients {
  private own: Client | undefined

  constructor(
    private readonly processes: Clients,
    private readonly presence: Presence,
  ) {}

  /** This very process. One in a container counts its processes by itself, as a machine of its own does. */
  self(): Client {
    if (!this.own) {
      const {bootId, pid, startedAt} = this.processes.self()
      this.own = {pid, bootId: bootId + spaceOfNumbers(), startedAt}
    }
    return this.own
  }

  /** Dead is a process of this machine that does not run, and one of another that shows no sign of life in the state. */
  isAlive(client: Client): boolean {
    const {bootId} = this.self()
    if (client.bootId !== bootId) return this.presence.isPresent(client)
    return this.processes.isAlive({...client, bootId: this.processes.self().bootId})
  }
}

function spaceOfNumbers(): string {
  try {
    const space = readlinkSync('/proc/self/ns/pid')
    return space === OUTSIDE ? '' : `/${space}`
  } catch {
    // No such spaces on this system.
    return ''
  }
}
