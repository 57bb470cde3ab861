import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {planFlags} from '../../cli/flags.js'
import {clusterNamesView} from '../../console/clusters.js'
import {clustersJson} from '../../ecs/clusters.js'
import {deleteCluster} from '../../manager/clusters.js'

export default class ClusterDelete extends BaseCommand<typeof ClusterDelete> {
  static override summary = 'Delete a cluster; with --force all that it holds too.'
  static override description =
    'Refused while instances or unstopped tasks remain. With --force its tasks are stopped and removed and its instances leave first.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> prod',
    '<%= config.bin %> <%= command.id %> prod --force --dry-run',
    '<%= config.bin %> <%= command.id %> prod --force --yes',
  ]
  static override args = {cluster: Args.string({description: 'Name of the cluster.', required: true})}
  static override flags = {...planFlags, force: Flags.boolean({description: 'Stop and remove its tasks, and let its instances leave.'})}

  async run() {
    const deleted = await deleteCluster(this.world, {dryRun: this.flags['dry-run'], force: this.flags.force, name: this.args.cluster})
    return this.answer(deleted, clusterNamesView, (found) => ({cluster: clustersJson(found).clusters[0]}))
  }
}
