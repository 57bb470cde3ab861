import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {servicesView} from '../../console/services.js'
import {servicesJson} from '../../ecs/services.js'
import {describeServices} from '../../manager/services.js'

export default class ServiceList extends BaseCommand<typeof ServiceList> {
  static override summary = 'List the services of a cluster.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']
  static override flags = {cached, cluster}

  async run() {
    const {cached, cluster} = this.flags
    return this.tell(await describeServices(this.world, {cached, cluster, names: []}), servicesView, servicesJson)
  }
}
