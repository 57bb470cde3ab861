// Whether the answer shall be JSON: known from the bare words, for it also decides how wrong words are told.

/** `--json`, or `--query`, which implies it. Words after `--` belong to a container. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end < 0 ? undefined : end).some((word) => word === '--json' || word === '--query' || word.startsWith('--query='))
}
