import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {clusterNamesView} from '../../console/clusters.js'
import {clustersJson} from '../../ecs/clusters.js'
import {useCluster} from '../../manager/clusters.js'

export default class ClusterUse extends BaseCommand<typeof ClusterUse> {
  static override summary = 'Choose the cluster that commands mean when none is named.'
  static override description = 'The choice belongs to you, not to the state; --cluster and BERTH_CLUSTER override it.'
  static override examples = ['<%= config.bin %> <%= command.id %> prod']
  static override args = {cluster: Args.string({description: 'Name of the cluster.', required: true})}

  async run() {
    const found = await useCluster(this.world, this.args.cluster)
    return this.tell(found, clusterNamesView, clustersJson)
  }
}
