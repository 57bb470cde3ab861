// Flags that several commands share: one name, one letter, one meaning everywhere.
import {Flags} from '@oclif/core'
import {seconds} from './value-flags.js'

const HELP_GROUP = 'GLOBAL'

/** What a command takes that hands a program's own output on. One with a letter stands first: oclif's help sets the first flag of a group flush left. */
export const streamFlags = {
  quiet: Flags.boolean({char: 'q', description: 'Print ids and names only, and no talk.', helpGroup: HELP_GROUP}),
  yes: Flags.boolean({char: 'y', description: 'Answer yes to every question.', helpGroup: HELP_GROUP}),
  state: Flags.string({
    description: 'File that holds the state, or etcd://HOST:PORT,HOST:PORT/PREFIX.',
    env: 'BERTH_STATE',
    helpGroup: HELP_GROUP,
    helpValue: 'FILE',
  }),
}

/** What every command takes that answers with data. */
export const baseFlags = {
  ...streamFlags,
  json: Flags.boolean({description: "Print one JSON document, in the shape of ECS's response.", helpGroup: HELP_GROUP}),
  query: Flags.string({
    description: 'Print only what this JMESPath expression picks from the JSON; implies --json.',
    helpGroup: HELP_GROUP,
    helpValue: 'EXPRESSION',
  }),
}

/** The cluster meant; without it the one in use, or the only one. */
export const cluster = Flags.string({
  char: 'c',
  description: 'Cluster to act on; default: the one in use, or the only one.',
  env: 'BERTH_CLUSTER',
  helpValue: 'NAME',
})

/** For commands that change something. */
export const planFlags = {
  'dry-run': Flags.boolean({description: 'Print what would be done, and do nothing.'}),
  'exit-code': Flags.boolean({dependsOn: ['dry-run'], description: 'With --dry-run: exit with 11 when there is something to do.'}),
  'wait-lock': seconds({
    description: 'Wait this long at most for what another command holds; default: 10s for the state, for a lease as long as it takes.',
  }),
}

/** For commands that look at hosts. */
export const cached = Flags.boolean({description: 'Ask no host; print what the state last recorded.'})
