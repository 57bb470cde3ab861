// What became of the state's shape from one version to the next: each a pure function of what lies in the file, tried on a file of that version in the tests.

type Content = Readonly<Record<string, unknown>>

/** By the version that it starts from. */
const MIGRATIONS: Readonly<Record<number, (content: Content) => Content>> = {
  // Until version 2 each commit wrote the whole state: there was no journal beside it, and no intents were written down.
  1: (content) => ({...content, intents: {}}),
  // Until version 3 nobody could say that a difference between hosts and state is known.
  2: (content) => ({...content, ignoredDrift: {}}),
  // Until version 4 there were tasks alone, and nothing that keeps them running.
  3: (content) => ({...content, services: {}, daemons: {}, deployments: {}, serviceEvents: {}}),
}

/** The content as this Berth has it; `undefined` where no way leads there from its version. */
export function migrated(content: Content, to: number): Content | undefined {
  let current = content
  for (let {version} = content; version !== to; {version} = current) {
    const migrate = typeof version === 'number' ? MIGRATIONS[version] : undefined
    if (!migrate || typeof version !== 'number') return undefined
    current = {...migrate(current), version: version + 1}
  }
  return current
}
