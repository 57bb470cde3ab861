// The answers to drift as flags.
import {Flags} from '@oclif/core'

const answer = (description: string) => Flags.string({description: `${description} Repeatable.`, helpValue: 'ID', multiple: true})

/** Each may name several, and `all`. */
export const driftAnswers = {
  adopt: answer('Take what was found for what is wanted: the state follows the host.'),
  heed: answer('Let drift that was ignored count again.'),
  ignore: answer('Keep in the state that it is known: it counts no more until what is found changes.'),
  revert: answer('Bring the host back to what the state says; asks before anything is stopped or removed.'),
}
