import {BaseCommand} from '../../cli/base-command.js'
import {daemonArgs} from '../../cli/daemon-flags.js'
import {mannerOf, rolloutFlags} from '../../cli/workload-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {oneServiceJson} from '../../ecs/services.js'
import {rollBackDaemon} from '../../manager/daemons.js'

export default class DaemonRollback extends BaseCommand<typeof DaemonRollback> {
  static override summary = 'Go back to the deployment of a daemon that was completed last before this one.'
  static override description = 'The whole of it: definition and images as they were then. "daemon describe" shows which one that is.'
  static override examples = ['<%= config.bin %> <%= command.id %> agent', '<%= config.bin %> <%= command.id %> agent --dry-run']
  static override args = daemonArgs
  static override flags = rolloutFlags

  async run() {
    const back = await rollBackDaemon(this.world, {...mannerOf(this.flags), name: this.args.name})
    return this.answer(back, workloadNamesView, oneServiceJson)
  }
}
