import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {historyView} from '../../console/state.js'
import {stateHistory} from '../../manager/state.js'

export default class StateHistory extends BaseCommand<typeof StateHistory> {
  static override summary = 'List the revisions of the state that are kept, the newest first: when, by whom, with what, and why.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --limit 5 --json']
  static override flags = {
    limit: Flags.integer({description: 'No more than so many.', helpValue: 'N', min: 1}),
  }

  async run() {
    const commits = await stateHistory(this.world, this.flags.limit)
    return this.tell(
      commits,
      (them) => historyView(them, this.world.clock.now()),
      (history) => ({history}),
    )
  }
}
