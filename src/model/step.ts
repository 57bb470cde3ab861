// What every action of a plan says besides what it does.

export interface Step {
  /** A phrase that a person reads. */
  readonly because: string
  /** Indexes of the actions that must be done before. */
  readonly after?: readonly number[]
  /** Something goes that was not named: the person is asked first. */
  readonly destructive?: true
}
