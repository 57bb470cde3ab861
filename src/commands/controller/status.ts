import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {controllerJson, controllerStatusView} from '../../console/controllers.js'
import {controllerStatus} from '../../manager/controllers.js'

export default class ControllerStatus extends BaseCommand<typeof ControllerStatus> {
  static override summary = 'Show which controller leads, which stand by, and what it heals.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> -c prod --json']
  static override flags = {cached, cluster}

  async run() {
    const {cached, cluster} = this.flags
    return this.tell(await controllerStatus(this.world, {cached, cluster}), controllerStatusView, controllerJson)
  }
}
