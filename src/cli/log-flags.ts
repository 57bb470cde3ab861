// The words of commands that print the logs of many tasks.
import {Flags, type Interfaces} from '@oclif/core'
import type {WorkloadLogsWanted} from '../manager/workload-logs.js'
import {cluster} from './flags.js'
import {seconds} from './value-flags.js'

/** Lines that a program reads as they come. */
export const logsJson = Flags.boolean({
  description: 'Print a JSON document a line: its timestamp, stream, task, container, instance and message, as far as they are known.',
  helpGroup: 'GLOBAL',
})

export const logFlags = {
  cluster,
  container: Flags.string({description: 'Only of containers of this name.', helpValue: 'NAME'}),
  follow: Flags.boolean({char: 'f', description: 'Go on until Ctrl-C, also with tasks that take the place of others.'}),
  grep: Flags.string({description: 'Only lines that hold this text.', helpValue: 'TEXT'}),
  json: logsJson,
  since: seconds({description: 'Only what was printed within this time: seconds, or 30s, 5m, 2h.'}),
  tail: Flags.integer({description: 'Only the last N lines of all.', helpValue: 'N', min: 0}),
  timestamps: Flags.boolean({description: 'Put the time before each line.'}),
}

/** What of them says which lines are wanted. */
export function logsWanted(
  words: Interfaces.InferredFlags<typeof logFlags>,
  paint: WorkloadLogsWanted['paint'],
): Omit<WorkloadLogsWanted, 'kind' | 'name'> {
  const {cluster, container, follow, grep, json: documents, since: sinceSeconds, tail, timestamps} = words
  return {cluster, container, follow, grep, sinceSeconds, tail, timestamps, documents, paint}
}
