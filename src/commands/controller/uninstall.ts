import {BaseCommand} from '../../cli/base-command.js'
import {unitFlags} from '../../cli/controller-flags.js'
import {cluster} from '../../cli/flags.js'
import {uninstalledView} from '../../console/controllers.js'
import {uninstallUnit} from '../../manager/controller-unit.js'

export default class ControllerUninstall extends BaseCommand<typeof ControllerUninstall> {
  static override summary = 'Remove the unit by which systemd runs the controller.'
  static override examples = ['<%= config.bin %> <%= command.id %> --systemd --user']
  static override flags = {...unitFlags, cluster}

  async run() {
    const {cluster, user} = this.flags
    const gone = await uninstallUnit(this.world, {cluster, scope: user ? 'user' : 'system'})
    return this.tell(gone, uninstalledView, (told) => told)
  }
}
