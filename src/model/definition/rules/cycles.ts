// No container may wait for itself by way of others: `dependsOn`, `links` and `volumesFrom` together make an order of starting.
import {quoted} from '../../names.js'
import {containersOf, type DraftDocument, type Finding} from '../draft.js'
import {type Reference, referencesOf} from './dependencies.js'

/** One finding a circle, at the reference that closes it; a container that names itself has a rule of its own. */
export function* cycleRules(document: DraftDocument): Iterable<Finding> {
  const references = new Map(containersOf(document).map(([container, path]) => [container.name ?? '', referencesOf(container, path)]))
  const done = new Set<string>()
  for (const name of references.keys()) yield* circlesFrom(name, [], references, done)
}

function* circlesFrom(
  name: string,
  way: readonly string[],
  all: ReadonlyMap<string, readonly Reference[]>,
  done: Set<string>,
): Iterable<Finding> {
  if (done.has(name)) return
  const here = [...way, name]
  const told = new Set<string>()
  for (const {name: next, path} of all.get(name) ?? []) {
    if (next === name || told.has(next)) continue
    told.add(next)
    const from = here.indexOf(next)
    if (from >= 0) yield {path, rule: `closes a circle: ${[...here.slice(from), next].map(quoted).join(' waits for ')}`}
    else yield* circlesFrom(next, here, all, done)
  }
  done.add(name)
}
