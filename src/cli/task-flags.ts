// Words that commands on tasks share.
import {Args, Flags} from '@oclif/core'
import {InvalidInputError} from '../errors.js'
import type {TaskFilter} from '../manager/tasks.js'
import {type Copy, copyOf} from '../model/copy-path.js'
import {quoted} from '../model/names.js'
import {parseDurationSeconds} from '../model/time.js'

/** One task or more: the others follow the first, which is why these commands take words freely. */
export const taskArgs = {task: Args.string({description: 'ARN, id or a unique beginning of it; several may be given.', required: true})}

/** The filter that the words of a listing ask for: tasks that shall run, unless they say otherwise. */
export function taskFilter(words: {
  readonly all: boolean
  readonly cached: boolean
  readonly cluster: string | undefined
  readonly 'desired-status': 'RUNNING' | 'STOPPED' | undefined
  readonly family: string | undefined
  readonly group: string | undefined
  readonly instance: string | undefined
  readonly 'started-by': string | undefined
}): TaskFilter {
  const {all, cached, cluster, 'desired-status': desiredStatus = 'RUNNING', family, group, instance, 'started-by': startedBy} = words
  return {cached, cluster, desiredStatus: all ? undefined : desiredStatus, family, group, instance, startedBy}
}

/** The copy that two words ask for. Throws `InvalidUsage`. */
export function copyWanted({from, to}: {readonly from: string; readonly to: string}): Copy {
  return copyOf(from, to)
}

/** ECS: 1 minute to 2 days. */
const MOST_MINUTES = 2880

/** A duration as whole minutes, which ECS counts in. */
export const protectionMinutes = Flags.custom<number>({
  helpValue: 'DURATION',
  parse: async (text) => {
    const minutes = Math.ceil(parseDurationSeconds(text) / 60)
    if (minutes >= 1 && minutes <= MOST_MINUTES) return minutes
    throw new InvalidInputError('InvalidParameterException', `${quoted(text)} is no time for a protection: from 1m to 48h.`, {
      suggestions: ['berth task protect ID --expires 2h'],
    })
  },
})
