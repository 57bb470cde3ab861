import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {stateDiffView} from '../../console/state.js'
import {diffState} from '../../manager/state.js'

export default class StateDiff extends BaseCommand<typeof StateDiff> {
  static override summary = 'Show what changed between two revisions of the state, record by record.'
  static override examples = ['<%= config.bin %> <%= command.id %> 41 newest', '<%= config.bin %> <%= command.id %> 40 41 --json']
  static override args = {
    from: Args.string({description: 'Number of the revision, or newest.', required: true}),
    to: Args.string({default: 'newest', description: 'Number of the revision, or newest.'}),
  }

  async run() {
    const diff = await diffState(this.world, this.args.from, this.args.to)
    return this.tell(diff, stateDiffView, ({records}) => ({records}))
  }
}
