import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {planFlags} from '../../cli/flags.js'
import {restoredView} from '../../console/state.js'
import {restoreState} from '../../manager/state.js'

export default class StateRestore extends BaseCommand<typeof StateRestore> {
  static override summary = 'Make the state what it was at a revision, or make it anew where its files are damaged.'
  static override description =
    'What it becomes is a new revision, so nothing is lost by it. What the hosts hold stays as it is. A state that cannot be read is made of what is whole of its snapshots and journals; the damaged files are kept.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 41 --dry-run',
    '<%= config.bin %> <%= command.id %> 41 --yes',
    '<%= config.bin %> <%= command.id %> newest',
  ]
  static override args = {revision: Args.string({description: 'Number of the revision, or newest.', required: true})}
  static override flags = planFlags

  async run() {
    const restored = await restoreState(this.world, {dryRun: this.flags['dry-run'], revision: this.args.revision})
    return this.answer(restored, restoredView, (value) => value)
  }
}
