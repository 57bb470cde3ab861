import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {refreshedView} from '../../console/state.js'
import {refreshCluster} from '../../manager/refresh.js'

export default class ClusterRefresh extends BaseCommand<typeof ClusterRefresh> {
  static override summary = 'Look at every host of a cluster, record what is seen, and show what that changed.'
  static override description = 'A host that does not answer is marked as silent; its tasks stay as they were last seen.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> prod --json']
  static override args = {cluster: Args.string({description: 'Name of the cluster; default: the one in use.'})}

  async run() {
    const refreshed = await refreshCluster(this.world, this.args.cluster)
    return this.tell(refreshed, refreshedView, ({records, silent, unkept}) => ({records, silent, unkept}))
  }
}
