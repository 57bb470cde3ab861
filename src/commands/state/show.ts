import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {stateView} from '../../console/state.js'
import {stateOf} from '../../manager/state.js'

export default class StateShow extends BaseCommand<typeof StateShow> {
  static override aliases = ['state:pull']
  static override summary = 'Print the state as JSON, as it is or as it was at a revision.'
  static override examples = ['<%= config.bin %> <%= command.id %>', "<%= config.bin %> <%= command.id %> 41 --query 'tasks.*.lastStatus'"]
  static override args = {revision: Args.string({default: 'newest', description: 'Number of the revision, or newest.'})}

  async run() {
    return this.tell(await stateOf(this.world, this.args.revision), stateView, (state) => state)
  }
}
