// Flags whose words become values of the model as they are parsed, so that commands only pass them on.
import {readFile} from 'node:fs/promises'
import {Flags} from '@oclif/core'
import {InvalidInputError} from '../errors.js'
import {parseEnvironment, parseEnvironmentFile} from '../model/environment.js'
import {type ForwardedPort, parseForwardedPort} from '../model/forward-ports.js'
import {quoted, shellWord} from '../model/names.js'
import {parseOverrides} from '../model/overrides.js'
import {parseServiceInput, type ServiceInput} from '../model/service-input.js'
import {parseTypedFileSystem, parseTypedSecret, type TypedFileSystem, type TypedSecret} from '../model/run-sources.js'
import {parseMemoryMiB} from '../model/size.js'
import type {NameValue} from '../model/container-definition.js'
import type {TaskOverride} from '../model/task-definition.js'
import {parseDurationSeconds} from '../model/time.js'

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

/** Where the value of a secret is that a definition names. */
export const secret = Flags.custom<TypedSecret>({
  description: 'Where a secret of the definition is: NAME=env:NAME, NAME=file:PATH or NAME=exec:["program","word"]. Repeatable.',
  helpValue: 'NAME=SOURCE',
  multiple: true,
  parse: async (text) => parseTypedSecret(text),
})

/** The NFS export that stands for an EFS file system. */
export const fileSystem = Flags.custom<TypedFileSystem>({
  description: 'NFS export that stands for an EFS file system: FS_ID=nfs://SERVER/PATH. Repeatable.',
  helpValue: 'FS_ID=URL',
  multiple: true,
  parse: async (text) => parseTypedFileSystem(text),
})

/** `8080:80`, `80`, `:80`: each word one port. */
export function parseForwardedPorts(words: readonly string[]): readonly ForwardedPort[] {
  return words.map(parseForwardedPort)
}

const FILE = 'file://'

/** ECS's TaskOverride as JSON, or the file of it as the aws command names one. */
export const overrides = Flags.custom<TaskOverride>({
  description: 'What the run changes in its definition, as for aws ecs run-task: JSON or file://PATH.',
  helpValue: 'JSON',
  parse: async (text) => parseOverrides(await textOrFile(text)),
})

/** A service as the aws command takes it, as JSON or the file of it. */
export const cliInputJson = Flags.custom<ServiceInput>({
  description: 'The service as aws ecs takes it: JSON or file://PATH. Flags win over it.',
  helpValue: 'JSON',
  parse: async (text) => parseServiceInput(await textOrFile(text)),
})

function textOrFile(text: string): Promise<string> {
  return text.startsWith(FILE) ? readNamed(text.slice(FILE.length)) : Promise.resolve(text)
}

async function readNamed(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new InvalidInputError('FileNotReadable', `The file ${quoted(path)} cannot be read.`, {
      cause: error,
      suggestions: [`ls -l ${shellWord(path)}`],
    })
  }
}
