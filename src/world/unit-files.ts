// Units of systemd on the machine that the command runs on, and what a unit needs to know of this command.

/** Of the machine, or of the person alone. */
export type UnitScope = 'system' | 'user'

/** What was typed, made to be typed again by another process at another time. */
export interface OwnProgram {
  /** Absolute: Node.js, and the script that it runs. */
  readonly words: readonly string[]
  readonly user: string
  readonly home: string
  /** Variables that change what a command does, as far as they are set here; none that holds a secret. */
  readonly environment: Readonly<Record<string, string>>
}

export interface UnitFiles {
  self(): OwnProgram
  /** Where a unit of that name lies, whether it is there or not. */
  path(scope: UnitScope, name: string): string
  isThere(path: string): Promise<boolean>
  /** After it the file holds the text, readable for all. Throws `ConflictError` `UnitNotWritable`. */
  write(path: string, text: string): Promise<void>
  /** After it there is no such file; returns whether there was one. Throws `UnitNotWritable`. */
  remove(path: string): Promise<boolean>
}
