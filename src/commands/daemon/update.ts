import {BaseCommand} from '../../cli/base-command.js'
import {daemonArgs, daemonWanted, updateDaemonFlags} from '../../cli/daemon-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {oneServiceJson} from '../../ecs/services.js'
import {deployDaemon} from '../../manager/daemons.js'

export default class DaemonUpdate extends BaseCommand<typeof DaemonUpdate> {
  static override summary = 'Change a daemon: another definition is rolled out instance by instance.'
  static override description =
    'On each instance the old task stops before the new one starts, on so many at once as the minimum percent of all leaves.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> agent --task-definition agent:5',
    '<%= config.bin %> <%= command.id %> agent --force-new-deployment --minimum-healthy-percent 50',
  ]
  static override args = daemonArgs
  static override flags = updateDaemonFlags

  async run() {
    const wanted = {definition: this.flags['task-definition'], isUpdate: true, name: this.args.name}
    return this.answer(await deployDaemon(this.world, daemonWanted(this.flags, wanted)), workloadNamesView, oneServiceJson)
  }
}
