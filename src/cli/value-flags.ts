// Flags whose words become values of the model as they are parsed, so that commands only pass them on.
import {readFile} from 'node:fs/promises'
import {Flags} from '@oclif/core'
import {InvalidInputError} from '../errors.js'
import {parseEnvironment, parseEnvironmentFile} from '../model/environment.js'
import {quoted} from '../model/names.js'
import {parsePlacementConstraints} from '../model/placement-shorthand.js'
import type {PlacementConstraint} from '../model/placement.js'
import {parsePublishedPorts} from '../model/publish.js'
import {parseMemoryMiB} from '../model/size.js'
import {mergeEnvironment, type NameValue, type PortMapping} from '../model/task-definition.js'
import {parseDurationSeconds} from '../model/time.js'
import {parseVolumes, type Volumes} from '../model/volume.js'

/** `512`, `512m`, `2g`: MiB unless a unit is given. */
export const memoryMiB = Flags.custom<number>({helpValue: 'MIB', parse: async (text) => parseMemoryMiB(text)})

/** `90`, `30s`, `5m`, `2h`. */
export const seconds = Flags.custom<number>({helpValue: 'DURATION', parse: async (text) => parseDurationSeconds(text)})

/** `name=value`, or `name` taken from our own environment. */
export const environment = Flags.custom<readonly NameValue[]>({
  char: 'e',
  description: 'Set an environment variable: NAME=VALUE, or NAME to pass on your own. Repeatable.',
  helpValue: 'NAME[=VALUE]',
  multiple: true,
  parse: async (text) => parseEnvironment([text], process.env),
})

/** A file of `NAME=VALUE` lines, by docker's rules. */
export const environmentFile = Flags.custom<readonly NameValue[]>({
  description: 'Read environment variables from a file of NAME=VALUE lines. Repeatable; --env wins.',
  helpValue: 'FILE',
  multiple: true,
  parse: async (path) => parseEnvironmentFile(await readNamed(path), process.env, path),
})

export const publish = Flags.string({
  char: 'p',
  description: 'Publish a port of the container: HOST:CONTAINER[/udp]. Repeatable. With --image.',
  helpValue: 'PORTS',
  multiple: true,
})

export const volume = Flags.string({
  description: 'Mount a host folder or a named volume: SOURCE:TARGET[:ro]. Repeatable. With --image.',
  helpValue: 'VOLUME',
  multiple: true,
})

export const placementConstraint = Flags.string({
  description: 'Where the tasks must run: distinctInstance. Repeatable.',
  helpValue: 'CONSTRAINT',
  multiple: true,
})

/** What the words of a run's repeatable flags mean together. Throws `InvalidInputError`s. */
export function runValues(flags: {
  readonly env: readonly (readonly NameValue[])[] | undefined
  readonly 'env-file': readonly (readonly NameValue[])[] | undefined
  readonly 'placement-constraint': readonly string[] | undefined
  readonly publish: readonly string[] | undefined
  readonly volume: readonly string[] | undefined
}): {
  readonly constraints: readonly PlacementConstraint[]
  readonly environment: readonly NameValue[]
  readonly ports: readonly PortMapping[]
  readonly volumes: Volumes
} {
  return {
    constraints: parsePlacementConstraints(flags['placement-constraint'] ?? []),
    environment: mergeEnvironment((flags['env-file'] ?? []).flat(), (flags.env ?? []).flat()),
    ports: parsePublishedPorts(flags.publish ?? []),
    volumes: parseVolumes(flags.volume ?? []),
  }
}

async function readNamed(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new InvalidInputError('FileNotReadable', `The file ${quoted(path)} cannot be read.`, {
      cause: error,
      suggestions: [`ls -l ${path}`],
    })
  }
}
