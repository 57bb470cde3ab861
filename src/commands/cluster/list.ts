import {BaseCommand} from '../../cli/base-command.js'
import {clustersView} from '../../console/clusters.js'
import {clustersJson} from '../../ecs/clusters.js'
import {listClusters} from '../../manager/clusters.js'

export default class ClusterList extends BaseCommand<typeof ClusterList> {
  static override summary = 'List the clusters.'
  static override examples = ['<%= config.bin %> <%= command.id %>', "<%= config.bin %> <%= command.id %> --query 'clusters[].clusterName'"]

  async run() {
    const found = await listClusters(this.world)
    return this.tell(found, clustersView, clustersJson)
  }
}
