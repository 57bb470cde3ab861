import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {daemonsArgs} from '../../cli/daemon-flags.js'
import {workloadDetailsView} from '../../console/services.js'
import {servicesJson} from '../../ecs/services.js'
import {describeDaemons} from '../../manager/daemons.js'

export default class DaemonDescribe extends BaseCommand<typeof DaemonDescribe> {
  static override summary = 'Show daemons whole: tasks, deployments, and what happened last.'
  static override examples = ['<%= config.bin %> <%= command.id %> agent', '<%= config.bin %> <%= command.id %> agent --json']
  static override args = daemonsArgs
  static override flags = {cached, cluster}
  static override strict = false

  async run() {
    const {cached, cluster} = this.flags
    return this.tell(await describeDaemons(this.world, {cached, cluster, names: this.named}), workloadDetailsView, servicesJson)
  }
}
