import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {planFlags} from '../../cli/flags.js'
import {clusterNamesView} from '../../console/clusters.js'
import {clustersJson} from '../../ecs/clusters.js'
import {createCluster} from '../../manager/clusters.js'

export default class ClusterCreate extends BaseCommand<typeof ClusterCreate> {
  static override summary = 'Create a cluster; the first one becomes the one in use.'
  static override description = 'A name that exists already is left as it is, and that is no error.'
  static override examples = ['<%= config.bin %> <%= command.id %> prod', '<%= config.bin %> <%= command.id %> prod --dry-run']
  static override args = {name: Args.string({default: 'default', description: 'Name of the new cluster.'})}
  static override flags = {...planFlags}

  async run() {
    const created = await createCluster(this.world, {dryRun: this.flags['dry-run'], name: this.args.name})
    return this.answer(created, clusterNamesView, (found) => ({cluster: clustersJson(found).clusters[0]}))
  }
}
