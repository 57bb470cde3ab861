// Tags as people write them.
import {InvalidInputError} from '../errors.js'
import {quoted} from './names.js'
import type {Workload} from './service.js'
import type {TaskDefinition} from './task-definition.js'

/** `KEY=VALUE` words as a record; of a key that is said twice the last holds. Throws `InvalidTag`: a key is 1 to 128 characters, a value at most 256, and there are at most 50. */
export function parseKeyValues(words: readonly string[]): Readonly<Record<string, string>> {
  const tags = Object.fromEntries(
    words.map((word) => {
      const cut = word.indexOf('=')
      const [key, value] = cut < 0 ? [word, ''] : [word.slice(0, cut), word.slice(cut + 1)]
      if (key.length === 0 || key.length > 128 || value.length > 256) throw invalid(`${quoted(word)} is no tag: write KEY=VALUE`)
      return [key, value]
    }),
  )
  if (Object.keys(tags).length > 50) throw invalid(`${Object.keys(tags).length} tags are more than the 50 that ECS allows`)
  return tags
}

/** What a task of the service or daemon bears, as far as that passes its own tags or its definition's on; nothing where there are none. */
export function propagatedTags(
  {propagateTags, tags}: Pick<Workload, 'propagateTags' | 'tags'>,
  definition: Pick<TaskDefinition, 'tags'>,
): {readonly tags?: Readonly<Record<string, string>>} {
  const ofDefinition = () => Object.fromEntries((definition.tags ?? []).map(({key, value}) => [key, value]))
  const passed = propagateTags === 'SERVICE' ? tags : propagateTags === 'TASK_DEFINITION' ? ofDefinition() : {}
  return Object.keys(passed).length === 0 ? {} : {tags: passed}
}

function invalid(what: string): InvalidInputError {
  return new InvalidInputError('InvalidTag', `${what}.`, {suggestions: ['berth service create web --task-definition web --tag team=shop']})
}
