import {BaseCommand} from '../../cli/base-command.js'
import {placeFlags} from '../../cli/controller-flags.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {removedContainerJson, removedContainerView, uninstalledView} from '../../console/controllers.js'
import {uninstallContainer} from '../../manager/controller-container.js'
import {uninstallUnit} from '../../manager/controller-unit.js'

export default class ControllerUninstall extends BaseCommand<typeof ControllerUninstall> {
  static override summary = 'Remove the unit by which systemd runs the controller, or its container on an instance.'
  static override description = 'With --on its container, the volume with its key, and its image are gone from the instance afterwards.'
  static override examples = ['<%= config.bin %> <%= command.id %> --systemd --user', '<%= config.bin %> <%= command.id %> --on web1']
  static override flags = {...placeFlags, cluster, 'dry-run': planFlags['dry-run']}

  async run() {
    const {cluster, 'dry-run': dryRun, on, user} = this.flags
    if (on !== undefined) {
      const removed = await uninstallContainer(this.world, {cluster, dryRun, instance: on})
      return this.tell({...removed, dryRun}, removedContainerView, removedContainerJson)
    }
    const gone = await uninstallUnit(this.world, {cluster, dryRun, scope: user ? 'user' : 'system'})
    return this.tell({...gone, dryRun}, uninstalledView, ({dryRun: _, ...told}) => told)
  }
}
