import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {instancesView} from '../../console/instances.js'
import {instancesJson} from '../../ecs/instances.js'
import {listInstances} from '../../manager/instances.js'

export default class InstanceList extends BaseCommand<typeof InstanceList> {
  static override summary = 'List the instances of the cluster, and what is used of how much on each.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --status DRAINING -q']
  static override flags = {
    cached,
    cluster,
    status: Flags.option({description: 'Only instances of this status.', options: ['ACTIVE', 'DRAINING'] as const})(),
  }

  async run() {
    const found = await listInstances(this.world, {cached: this.flags.cached, cluster: this.flags.cluster, status: this.flags.status})
    return this.tell(found, instancesView, instancesJson)
  }
}
