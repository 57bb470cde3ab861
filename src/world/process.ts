// Who a process is: beyond its number, which the kernel gives out again. Locks are held in such names.

/** One process of one boot of this machine. Two identities are the same process when all three fields are equal. */
export interface ProcessIdentity {
  readonly pid: number
  /** Names the boot of the machine, so that a restart ends every identity. */
  readonly bootId: string
  /** When it began, as the machine counts: to be compared, never to be read. */
  readonly startedAt: string
}

export interface Processes {
  /** This very process. */
  self(): ProcessIdentity
  /** Does that very process still run on this machine? False for one of an earlier boot, and for another that now bears its number. */
  isAlive(identity: ProcessIdentity): boolean
}
