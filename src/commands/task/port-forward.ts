import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, streamFlags} from '../../cli/flags.js'
import {forwardingsView} from '../../console/forwardings.js'
import {forwardPorts} from '../../manager/port-forward.js'
import {parseForwardedPorts} from '../../cli/value-flags.js'

export default class TaskPortForward extends BaseCommand<typeof TaskPortForward> {
  static override summary = 'Let ports of this machine lead into a running task, until Ctrl-C or until it stops.'
  static override description =
    'Over the connection that there is to its host: nothing is published, and the ports are open on this machine alone. The task must listen on its network, not on its loopback only.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4f1c 8080:80',
    '<%= config.bin %> <%= command.id %> 4f1c 5432 :9000 --container db',
  ]
  static override args = {
    task: Args.string({description: 'ARN, id or a unique beginning of it.', required: true}),
    ports: Args.string({
      description: 'LOCAL:CONTAINER, PORT for both, or :PORT for any free local one; several may be given.',
      required: true,
    }),
  }
  static override baseFlags = streamFlags
  static override flags = {
    address: Flags.string({default: '127.0.0.1', description: 'Address of this machine to listen at.', helpValue: 'ADDRESS'}),
    cluster,
    container: Flags.string({description: 'Container to reach; default: the first essential one.', helpValue: 'NAME'}),
  }
  static override strict = false

  async run() {
    const {address, cluster, container} = this.flags
    const [task = '', ...ports] = this.named
    const forwardings = await forwardPorts(this.world, {address, cluster, container, ports: parseForwardedPorts(ports), task})
    this.show(forwardingsView(forwardings))
    await forwardings.ended()
  }
}
