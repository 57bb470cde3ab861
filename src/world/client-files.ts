// Files of the machine that the command runs on, as far as a definition names them.

export interface ClientFiles {
  /** An absolute path: of a relative one from `folder` or, without one, from where the command runs. */
  resolve(path: string, folder?: string): string
  /** The path that it truly leads to, all links followed; `undefined` when there is nothing. */
  realPath(path: string): Promise<string | undefined>
  /** Its text. Throws the system's error, an error for what is no regular file, and `InvalidInputError` `NotText`. */
  read(path: string): Promise<string>
}
