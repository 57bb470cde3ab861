import {BaseCommand} from '../../cli/base-command.js'
import {connectionsView} from '../../console/connections.js'
import {listConnections} from '../../manager/connections.js'

export default class ConnectionList extends BaseCommand<typeof ConnectionList> {
  static override summary = 'List the ssh connections that are kept between commands.'
  static override description = 'One a host. It closes after 10 minutes without use, or after BERTH_SSH_PERSIST_SECONDS.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  async run() {
    const connections = await listConnections(this.world)
    return this.tell(
      connections,
      (them) => connectionsView(them, this.world.clock.now()),
      (them) => ({connections: them}),
    )
  }
}
