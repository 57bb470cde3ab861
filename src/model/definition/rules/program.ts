// Rules on what runs in a container: its health check, variables, files of variables, secrets and log.
import {InvalidInputError} from '../../../errors.js'
import {quoted} from '../../names.js'
import {parseSecretSource} from '../../secret-source.js'
import {containersOf, type DraftContainer, type DraftDocument, type Finding, items, repeated} from '../draft.js'
import type {Path} from '../fault.js'

const MAX_ENVIRONMENT_FILES = 10
const MAX_EXIT_CODES = 50

export function* programRules(document: DraftDocument): Iterable<Finding> {
  for (const [container, path] of containersOf(document)) {
    yield* healthRules(container, path)
    yield* environmentRules(container, path)
    yield* secretRules(container, path)
    yield* logRules(container, path)
    const ignored = container.restartPolicy?.ignoredExitCodes ?? []
    if (ignored.length > MAX_EXIT_CODES)
      yield {path: [...path, 'restartPolicy', 'ignoredExitCodes'], rule: `has ${ignored.length} exit codes; it may have ${MAX_EXIT_CODES}`}
  }
}

/** Without CMD or CMD-SHELL before it a program is meant as with CMD. */
function* healthRules({healthCheck}: DraftContainer, path: Path): Iterable<Finding> {
  const command = healthCheck?.command
  if (!command) return
  const [first, program] = command
  const at = [...path, 'healthCheck', 'command']
  if (first === 'NONE' && command.length > 1) yield {path: at, rule: 'must be NONE alone, or CMD or CMD-SHELL and a program'}
  const isKind = first === 'CMD' || first === 'CMD-SHELL'
  if (command.length === 0 || (isKind ? (program ?? '') : (first ?? '')).trim() === '')
    yield {path: at, rule: 'has no program: write CMD or CMD-SHELL, then what is run'}
}

function* environmentRules({environmentFiles, secrets, environment}: DraftContainer, path: Path): Iterable<Finding> {
  const at = [...path, 'environmentFiles']
  if (environmentFiles && environmentFiles.length > MAX_ENVIRONMENT_FILES)
    yield {path: at, rule: `has ${environmentFiles.length} files; a container has at most ${MAX_ENVIRONMENT_FILES}`}
  for (const [index, {value}] of items(environmentFiles))
    if (value !== undefined && !/[^/]\.env$/.test(value))
      yield {path: [...at, index, 'value'], rule: 'must be a file whose name ends in .env'}
  const variables = items(environment).map(([, {name}]) => name)
  for (const [index, {name}] of items(secrets))
    if (name !== undefined && variables.includes(name))
      yield {
        path: [...path, 'secrets', index, 'name'],
        rule: `${quoted(name)} is a variable of environment already: a name stands in one of them`,
      }
}

function* secretRules({logConfiguration, secrets}: DraftContainer, path: Path): Iterable<Finding> {
  const lists = [
    [secrets, [...path, 'secrets']],
    [logConfiguration?.secretOptions, [...path, 'logConfiguration', 'secretOptions']],
  ] as const
  for (const [list, at] of lists) {
    for (const [index, {valueFrom}] of items(list)) {
      const rule = valueFrom && sourceFault(valueFrom)
      if (rule) yield {path: [...at, index, 'valueFrom'], rule}
    }
    const names = (list ?? []).map((secret) => secret?.name)
    for (const index of repeated(names))
      yield {path: [...at, index, 'name'], rule: `${quoted(names[index] ?? '')} is the name of another secret already`}
  }
}

function sourceFault(valueFrom: string): string | undefined {
  try {
    parseSecretSource(valueFrom)
    return undefined
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message.replace(/\.$/, '')
    throw error
  }
}

function* logRules({logConfiguration}: DraftContainer, path: Path): Iterable<Finding> {
  if (logConfiguration?.logDriver !== 'awslogs') return
  for (const option of ['awslogs-group', 'awslogs-region'])
    if (!logConfiguration.options?.[option])
      yield {path: [...path, 'logConfiguration', 'options', option], rule: 'is required for the log driver awslogs'}
}
