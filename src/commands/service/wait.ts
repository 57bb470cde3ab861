import {BaseCommand} from '../../cli/base-command.js'
import {cluster} from '../../cli/flags.js'
import {servicesArgs} from '../../cli/service-flags.js'
import {seconds} from '../../cli/value-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {servicesJson} from '../../ecs/services.js'
import {waitForServices} from '../../manager/services.js'

export default class ServiceWait extends BaseCommand<typeof ServiceWait> {
  static override summary = 'Carry services on until they are steady: one deployment, and as many tasks as are wanted.'
  static override description =
    'Goes on with what a command began that was interrupted or detached. Exits with 9 when a deployment fails, or after the timeout.'
  static override examples = ['<%= config.bin %> <%= command.id %> web', '<%= config.bin %> <%= command.id %> --timeout 2m']
  static override args = servicesArgs
  static override flags = {cluster, timeout: seconds({description: 'Wait this long at most; default: 10m.'})}
  static override strict = false

  async run() {
    const {cluster, timeout = 600} = this.flags
    return this.tell(
      await waitForServices(this.world, {cluster, names: this.named, timeoutSeconds: timeout}),
      workloadNamesView,
      servicesJson,
    )
  }
}
