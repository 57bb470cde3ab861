import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {locksView} from '../../console/state.js'
import {unlockState} from '../../manager/state.js'

export default class StateUnlock extends BaseCommand<typeof StateUnlock> {
  static override summary = 'Remove a lock or lease of the state; one whose holder lives only with --force.'
  static override examples = ['<%= config.bin %> <%= command.id %> state', '<%= config.bin %> state lock list']
  static override args = {name: Args.string({default: 'state', description: 'The name that "state lock list" tells.'})}
  static override flags = {force: Flags.boolean({description: 'Also where its holder lives.'})}

  async run() {
    const lock = await unlockState(this.world, {force: this.flags.force, name: this.args.name})
    return this.tell([lock], locksView, ([removed]) => ({lock: removed}))
  }
}
