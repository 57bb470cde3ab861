// Rules on what a container waits for: `dependsOn`, `links` and `volumesFrom` name containers of the task, and no circle (agent's task.go, read 2026-11-26).
import {quoted} from '../../names.js'
import {containerNames, containersOf, type DraftContainer, type DraftDocument, type Finding, items} from '../draft.js'
import type {Path} from '../fault.js'

export interface Reference {
  readonly path: Path
  readonly name: string
}

export function* referenceRules(document: DraftDocument): Iterable<Finding> {
  const names = containerNames(document)
  for (const [container, path] of containersOf(document)) {
    for (const {name, path: at} of referencesOf(container, path)) {
      if (name === container.name) yield {path: at, rule: 'is the container itself'}
      else if (names && !names.includes(name)) yield {path: at, rule: `names no container of this task: there ${isOrAre(names)}`}
    }
    yield* linkRules(container, path)
  }
}

/** Everything that the container names of others: dependencies, links, volumes. */
export function referencesOf({dependsOn, links, volumesFrom}: DraftContainer, path: Path): readonly Reference[] {
  return [
    ...items(dependsOn).map(([index, {containerName}]) => ({path: [...path, 'dependsOn', index, 'containerName'], name: containerName})),
    ...items(links).map(([index, link]) => ({path: [...path, 'links', index], name: link.split(':')[0]})),
    ...items(volumesFrom).map(([index, {sourceContainer}]) => ({
      path: [...path, 'volumesFrom', index, 'sourceContainer'],
      name: sourceContainer,
    })),
  ].flatMap(({name, path: at}) => (name === undefined ? [] : [{name, path: at}]))
}

export function* conditionRules(document: DraftDocument): Iterable<Finding> {
  const byName = new Map(containersOf(document).map(([container]) => [container.name, container]))
  for (const [{dependsOn}, path] of containersOf(document)) {
    for (const [index, {condition, containerName}] of items(dependsOn)) {
      const awaited = byName.get(containerName)
      const at = [...path, 'dependsOn', index, 'condition']
      if (!awaited) continue
      if (hasEnded(condition) && awaited.essential !== false)
        yield {path: at, rule: `cannot hold: container ${quoted(containerName ?? '')} is essential, and the task ends when it exits`}
      if (condition === 'HEALTHY' && !hasHealthCheck(awaited))
        yield {path: at, rule: `cannot hold: container ${quoted(containerName ?? '')} has no health check in this definition`}
      if (
        condition === 'HEALTHY' &&
        items(dependsOn).some(([, other]) => other.containerName === containerName && hasEnded(other.condition))
      )
        yield {path: at, rule: `cannot hold: the same container waits for ${quoted(containerName ?? '')} to have exited`}
    }
  }
}

function hasEnded(condition: string | undefined): boolean {
  return condition === 'COMPLETE' || condition === 'SUCCESS'
}

function hasHealthCheck({healthCheck}: DraftContainer): boolean {
  return healthCheck !== undefined && healthCheck.command?.[0] !== 'NONE'
}

function* linkRules({links}: DraftContainer, path: Path): Iterable<Finding> {
  for (const [index, link] of items(links))
    if (!/^[A-Za-z0-9_-]{1,255}(:[A-Za-z0-9_-]{1,255})?$/.test(link))
      yield {path: [...path, 'links', index], rule: 'must be the name of a container, or name:alias'}
}

function isOrAre(names: readonly string[]): string {
  return `${names.length === 1 ? 'is' : 'are'} ${names.map(quoted).join(', ')}`
}
