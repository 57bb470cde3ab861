import {BaseCommand} from '../../cli/base-command.js'
import {cluster} from '../../cli/flags.js'
import {controllerView} from '../../console/controller.js'
import {controllerStatus} from '../../manager/controller-status.js'

export default class ControllerStatus extends BaseCommand<typeof ControllerStatus> {
  static override summary = 'Show which controller leads a cluster, and who brings back what dies.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']
  static override flags = {cluster}

  async run() {
    return this.tell(await controllerStatus(this.world, {cluster: this.flags.cluster}), controllerView, (status) => status)
  }
}
