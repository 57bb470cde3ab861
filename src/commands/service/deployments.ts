import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {serviceArgs} from '../../cli/service-flags.js'
import {deploymentsView} from '../../console/services.js'
import {serviceDeploymentsJson} from '../../ecs/service-deployments.js'
import {describeServices} from '../../manager/services.js'

export default class ServiceDeployments extends BaseCommand<typeof ServiceDeployments> {
  static override summary = 'List the deployments of a service, the newest first, each with why it ended as it did.'
  static override examples = ['<%= config.bin %> <%= command.id %> web', '<%= config.bin %> <%= command.id %> web --json']
  static override args = serviceArgs
  static override flags = {cached, cluster}

  async run() {
    const {cached, cluster} = this.flags
    return this.tell(
      await describeServices(this.world, {cached, cluster, names: [this.args.name]}),
      deploymentsView,
      serviceDeploymentsJson,
    )
  }
}
