import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {clusterDetailsView} from '../../console/clusters.js'
import {clustersJson} from '../../ecs/clusters.js'
import {describeCluster} from '../../manager/clusters.js'

export default class ClusterDescribe extends BaseCommand<typeof ClusterDescribe> {
  static override summary = 'Show a cluster: its instances, and what is used of how much on each.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> prod --json']
  static override args = {cluster: Args.string({description: 'Name of the cluster; it wins over --cluster.'})}
  static override flags = {cached, cluster}

  async run() {
    const found = await describeCluster(this.world, {cached: this.flags.cached, name: this.args.cluster ?? this.flags.cluster})
    return this.tell(found, clusterDetailsView, clustersJson)
  }
}
