import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {instancesView} from '../../console/instances.js'
import {instancesJson} from '../../ecs/instances.js'
import {listInstances} from '../../manager/instances.js'

export default class InstanceList extends BaseCommand<typeof InstanceList> {
  static override summary = 'List the instances of the cluster, and what is used of how much on each.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --status DRAINING -q',
    "<%= config.bin %> <%= command.id %> --filter 'attribute:disk == ssd and not(task:group == family:db)'",
  ]
  static override flags = {
    cached,
    cluster,
    filter: Flags.string({
      description: "Only instances that meet this expression of ECS's cluster query language.",
      helpValue: 'EXPRESSION',
    }),
    status: Flags.option({description: 'Only instances of this status.', options: ['ACTIVE', 'DRAINING'] as const})(),
  }

  async run() {
    const {cached, cluster, filter, status} = this.flags
    const found = await listInstances(this.world, {cached, cluster, filter, status})
    return this.tell(found, instancesView, instancesJson)
  }
}
