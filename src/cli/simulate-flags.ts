// The words of `placement simulate`, and what they ask for together.
import {Flags, type Interfaces} from '@oclif/core'
import type {SimulateWanted} from '../manager/simulate-placement.js'
import {parseDescribedInstances} from '../model/simulated-instances.js'
import {explainFlags, explainWanted} from './run-flags.js'

export const simulateFlags = {
  ...explainFlags,
  balance: Flags.string({
    default: 'ecs.availability-zone',
    description: 'Attribute over whose values the new tasks are counted.',
    helpValue: 'ATTRIBUTE',
  }),
  count: Flags.integer({
    default: 1,
    description: 'Tasks to place in one pass; 0 asks only what --lose would mean for what runs already.',
    helpValue: 'N',
    max: 100_000,
    min: 0,
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

/** Throws `InvalidInputError`s. */
export function simulateWanted(words: Interfaces.InferredFlags<typeof simulateFlags>, reference: string | undefined): SimulateWanted {
  return {
    run: {...explainWanted(words, reference), count: words.count},
    described: (words.instances ?? []).map(parseDescribedInstances),
    lose: words['lose-any'] ? 'any' : (words.lose ?? []),
    balance: words.balance,
    cached: words.cached,
  }
}
