// What a definition may take from this machine without a word of the person: files of its own folder and variables, no more. It may come from anybody.
import {escaped, shellWord} from '../model/names.js'
import type {TaskDefinition} from '../model/task-definition.js'
import type {World} from '../world/world.js'
import type {NeededSecret} from './needed-secrets.js'

/**
 * Returns when its programs may be run and its files read, absolute paths all. What was typed is the person's own. Throws `DeclinedError`, which says
 * exactly what would be run or read.
 */
export async function askPermission(
  world: World,
  definition: TaskDefinition,
  secrets: readonly NeededSecret[],
  files: readonly string[],
): Promise<void> {
  const sources = secrets.filter(({isTyped}) => !isTyped).map(({source}) => source)
  const programs = sources.flatMap((source) => (source.kind === 'exec' ? [`run ${source.words.map(shellWord).join(' ')}`] : []))
  const paths = [...sources.flatMap((source) => (source.kind === 'file' ? [source.path] : [])), ...files]
  const outside = await Promise.all(
    paths.map(async (path) => ((await isInside(world, definition.folder, path)) ? [] : [`read ${shellWord(path)}`])),
  )
  const wishes = [...new Set([...programs, ...outside.flat()])]
  if (wishes.length === 0) return
  const question = `Task definition ${definition.id} wants to ${wishes.map(escaped).join(' and ')} on this machine. Allow it?`
  await world.person.allow(question, '--allow-client-secrets')
}

/** Where all links lead. What is not there is looked at by its name alone: nothing can be read of it, and it is refused as missing. */
async function isInside({files}: World, folder: string | undefined, path: string): Promise<boolean> {
  if (folder === undefined) return false
  const real = await files.realPath(path)
  const within = (real === undefined ? undefined : await files.realPath(folder)) ?? folder
  return (real ?? path).startsWith(within.endsWith('/') ? within : `${within}/`)
}
