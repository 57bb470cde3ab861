// Words that commands on tasks share.
import {Args} from '@oclif/core'
import type {TaskFilter} from '../manager/tasks.js'
import {type Copy, copyOf} from '../model/copy-path.js'

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
