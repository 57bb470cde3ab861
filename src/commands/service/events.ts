import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {serviceArgs} from '../../cli/service-flags.js'
import {workloadEventsView} from '../../console/services.js'
import {serviceEventsJson} from '../../ecs/services.js'
import {describeServices} from '../../manager/services.js'

export default class ServiceEvents extends BaseCommand<typeof ServiceEvents> {
  static override summary = "Show what happened to a service, in ECS's words, the oldest first."
  static override examples = ['<%= config.bin %> <%= command.id %> web']
  static override args = serviceArgs
  static override flags = {cached, cluster}

  async run() {
    const {cached, cluster} = this.flags
    return this.tell(await describeServices(this.world, {cached, cluster, names: [this.args.name]}), workloadEventsView, serviceEventsJson)
  }
}
