// The words of `placement simulate`, and what they ask for together.
import {Flags, type Interfaces} from '@oclif/core'
import {InvalidInputError} from '../errors.js'
import type {SimulateWanted} from '../manager/simulate-placement.js'
import type {Scenario} from '../model/scenario.js'
import {parseDescribedInstances} from '../model/simulated-instances.js'
import {readText} from './definition-files.js'
import {explainFlags, explainWanted, RUN_ONLY} from './run-flags.js'

export const simulateFlags = {
  ...explainFlags,
  balance: Flags.string({
    default: 'ecs.availability-zone',
    description: 'Attribute over whose values the new tasks are counted.',
    helpValue: 'ATTRIBUTE',
  }),
  count: Flags.integer({
    description:
      'Tasks to place in one pass, 1 unless told; 0, as where only --lose is told, asks what a loss would mean for what runs already.',
    helpValue: 'N',
    max: 100_000,
    min: 0,
  }),
  file: Flags.string({
    description: 'File of instances and tasks to imagine, JSON or CSV; - is standard input.',
    helpValue: 'FILE',
  }),
  instances: Flags.string({
    description: "Instances to imagine in place of the cluster's: COUNTxUNITScpu,MIBmem,NAME=VALUE|VALUE. Repeatable.",
    helpValue: 'INSTANCES',
    multiple: true,
  }),
  lose: Flags.string({
    description: 'Instance to take away: name, ARN or id. Repeatable, each by itself.',
    helpValue: 'INSTANCE',
    multiple: true,
  }),
  'lose-any': Flags.boolean({description: 'Take away each instance in turn.', exclusive: ['lose']}),
}

/** Throws `InvalidInputError`s. What reads a file is loaded where there is one. */
export async function simulateWanted(
  words: Interfaces.InferredFlags<typeof simulateFlags>,
  reference: string | undefined,
): Promise<SimulateWanted> {
  const {instances, tasks} = words.file === undefined ? {instances: [], tasks: []} : await readScenario(words.file)
  if (tasks.length > 0) refuseTyped(words, reference)
  return {
    run: {...explainWanted(words, reference), count: words.count ?? (isOnlyLoss(words, reference) ? 0 : 1)},
    described: [...instances, ...(words.instances ?? []).map(parseDescribedInstances)],
    tasks,
    lose: words['lose-any'] ? 'any' : (words.lose ?? []),
    balance: words.balance,
    cached: words.cached,
  }
}

/** Nothing is said of tasks to place. */
function isOnlyLoss(words: Interfaces.InferredFlags<typeof simulateFlags>, reference: string | undefined): boolean {
  const said: Readonly<Record<string, unknown>> = words
  const isLoss = words['lose-any'] || (words.lose ?? []).length > 0
  return isLoss && reference === undefined && RUN_ONLY.every((name) => said[name] === undefined)
}

/** What says of a task what the file says of it already. */
function refuseTyped(words: Interfaces.InferredFlags<typeof simulateFlags>, reference: string | undefined): void {
  const {container, count, cpu, group, image, memory, overrides, publish} = words
  const isCount = count !== undefined
  if ([reference, container, cpu, group, image, memory, overrides].every((one) => one === undefined) && !publish?.length && !isCount) return
  throw new InvalidInputError('InvalidUsage', 'The tasks stand in the file, or on the command line, not in both.', {
    suggestions: ['berth placement simulate --file FILE'],
  })
}

async function readScenario(file: string): Promise<Scenario> {
  const [text, {parseScenario}] = await Promise.all([readText(file), import('../model/scenario.js')])
  return parseScenario(text, file)
}
