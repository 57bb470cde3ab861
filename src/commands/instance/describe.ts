import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {instanceArgs} from '../../cli/instance-flags.js'
import {instanceDetailsView} from '../../console/instances.js'
import {instancesJson} from '../../ecs/instances.js'
import {describeInstances} from '../../manager/instances.js'

export default class InstanceDescribe extends BaseCommand<typeof InstanceDescribe> {
  static override summary = 'Show all that is known of instances: resources, attributes, engine.'
  static override examples = ['<%= config.bin %> <%= command.id %> db1', '<%= config.bin %> <%= command.id %> db1 web1 --json']
  static override args = instanceArgs
  static override flags = {cached, cluster}
  static override strict = false

  async run() {
    const found = await describeInstances(this.world, {cached: this.flags.cached, cluster: this.flags.cluster, names: this.named})
    return this.tell(found, instanceDetailsView, instancesJson)
  }
}
