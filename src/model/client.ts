// A process that changes the state.

/** One process of one boot of a machine: two are the same when all three fields are equal. */
export interface Client {
  readonly pid: number
  readonly bootId: string
  /** When it began, as the machine counts: to be compared, never to be read. */
  readonly startedAt: string
}
