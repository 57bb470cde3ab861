// What a command has to say, in both forms that a person may ask for.

export interface View {
  /** For people: lines or a table, without a last newline. */
  readonly text: string
  /** Ids or names, one a line under `--quiet`. */
  readonly ids: readonly string[]
}
