import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {servicesArgs} from '../../cli/service-flags.js'
import {workloadDetailsView} from '../../console/services.js'
import {servicesJson} from '../../ecs/services.js'
import {describeServices} from '../../manager/services.js'

export default class ServiceDescribe extends BaseCommand<typeof ServiceDescribe> {
  static override summary = 'Show services whole: tasks, deployments, and what happened last.'
  static override examples = ['<%= config.bin %> <%= command.id %> web', '<%= config.bin %> <%= command.id %> web --json']
  static override args = servicesArgs
  static override flags = {cached, cluster}
  static override strict = false

  async run() {
    const {cached, cluster} = this.flags
    return this.tell(await describeServices(this.world, {cached, cluster, names: this.named}), workloadDetailsView, servicesJson)
  }
}
