import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {daemonsView} from '../../console/services.js'
import {servicesJson} from '../../ecs/services.js'
import {describeDaemons} from '../../manager/daemons.js'

export default class DaemonList extends BaseCommand<typeof DaemonList> {
  static override summary = 'List the daemons of a cluster.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']
  static override flags = {cached, cluster}

  async run() {
    const {cached, cluster} = this.flags
    return this.tell(await describeDaemons(this.world, {cached, cluster, names: []}), daemonsView, servicesJson)
  }
}
