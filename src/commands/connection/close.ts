import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {connectionHostsView} from '../../console/connections.js'
import {closeConnections} from '../../manager/connections.js'

export default class ConnectionClose extends BaseCommand<typeof ConnectionClose> {
  static override summary = 'Close the kept connection to a host, or all of them.'
  static override description = 'Tasks go on; the next command logs in again.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> ssh://deploy@db1.example']
  static override args = {host: Args.string({description: 'Host as it was joined: ssh://[user@]host[:port]; default: all.'})}

  async run() {
    const connections = await closeConnections(this.world, this.args.host)
    return this.tell(connections, connectionHostsView, (them) => ({connections: them}))
  }
}
