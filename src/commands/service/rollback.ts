import {BaseCommand} from '../../cli/base-command.js'
import {serviceArgs} from '../../cli/service-flags.js'
import {mannerOf, rolloutFlags} from '../../cli/workload-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {oneServiceJson} from '../../ecs/services.js'
import {rollBackService} from '../../manager/services.js'

export default class ServiceRollback extends BaseCommand<typeof ServiceRollback> {
  static override summary = 'Go back to the deployment of a service that was completed last before this one.'
  static override description = 'The whole of it: definition and images as they were then. "service deployments" shows which one that is.'
  static override examples = ['<%= config.bin %> <%= command.id %> web', '<%= config.bin %> <%= command.id %> web --dry-run']
  static override args = serviceArgs
  static override flags = rolloutFlags

  async run() {
    const back = await rollBackService(this.world, {...mannerOf(this.flags), name: this.args.name})
    return this.answer(back, workloadNamesView, oneServiceJson)
  }
}
