import {BaseCommand} from '../../cli/base-command.js'
import {cluster} from '../../cli/flags.js'
import {daemonsArgs} from '../../cli/daemon-flags.js'
import {seconds} from '../../cli/value-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {servicesJson} from '../../ecs/services.js'
import {waitForDaemons} from '../../manager/daemons.js'

export default class DaemonWait extends BaseCommand<typeof DaemonWait> {
  static override summary = 'Carry daemons on until they are steady: one deployment, and one task on each instance that it belongs on.'
  static override description =
    'Goes on with what a command began that was interrupted or detached. Exits with 9 when a deployment fails, or after the timeout.'
  static override examples = ['<%= config.bin %> <%= command.id %> agent', '<%= config.bin %> <%= command.id %> --timeout 2m']
  static override args = daemonsArgs
  static override flags = {cluster, timeout: seconds({description: 'Wait this long at most; default: 10m.'})}
  static override strict = false

  async run() {
    const {cluster, timeout = 600} = this.flags
    return this.tell(
      await waitForDaemons(this.world, {cluster, names: this.named, timeoutSeconds: timeout}),
      workloadNamesView,
      servicesJson,
    )
  }
}
