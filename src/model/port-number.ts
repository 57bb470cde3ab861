// A port as a person types it.

/** The port of a decimal text, 1 to 65535 without sign or spaces; else `undefined`. */
export function portNumber(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}
