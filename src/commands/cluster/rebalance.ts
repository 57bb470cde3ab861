import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {seconds} from '../../cli/value-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {rebalanceCluster} from '../../manager/rebalance.js'

export default class ClusterRebalance extends BaseCommand<typeof ClusterRebalance> {
  static override summary = 'Move tasks of services to where their strategies would place them now, after a host has joined or is back.'
  static override description =
    'The fewest moves, one at a time, a new task first; never under the minimum healthy percent, and never a protected task. --dry-run shows the moves, and each score before and after.'
  static override examples = ['<%= config.bin %> <%= command.id %> --dry-run', '<%= config.bin %> <%= command.id %> --max-moves 3']
  static override flags = {
    ...planFlags,
    cluster,
    'max-moves': Flags.integer({default: 10, description: 'Move so many tasks at most.', helpValue: 'N', min: 1}),
    service: Flags.string({description: 'Only tasks of this service.', helpValue: 'NAME'}),
    timeout: seconds({description: 'Wait this long at most for each move; default: 10m.'}),
  }

  async run() {
    const {cluster, 'dry-run': dryRun, 'max-moves': maxMoves, service, timeout: timeoutSeconds = 600} = this.flags
    const rebalanced = await rebalanceCluster(this.world, {cluster, dryRun, maxMoves, service, timeoutSeconds})
    return this.answer(rebalanced, workloadNamesView, ({moves}) => ({moves}))
  }
}
