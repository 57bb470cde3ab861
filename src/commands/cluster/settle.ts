import {BaseCommand} from '../../cli/base-command.js'
import {controllerFlags} from '../../cli/controller-flags.js'
import {planFlags} from '../../cli/flags.js'
import {seconds} from '../../cli/value-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {servicesJson} from '../../ecs/services.js'
import {settleCluster} from '../../manager/settle-cluster.js'

export default class ClusterSettle extends BaseCommand<typeof ClusterSettle> {
  static override summary = 'Start and stop what it takes until all services of a cluster are as they are wanted, once.'
  static override description =
    'For cron and CI, where no controller runs. Exits with 9 when some are not steady after the timeout, or cannot get so.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> -c prod --dry-run --exit-code']
  static override flags = {
    ...planFlags,
    'allow-client-secrets': controllerFlags['allow-client-secrets'],
    cluster: controllerFlags.cluster,
    timeout: seconds({description: 'Wait this long at most; default: 10m.'}),
  }

  async run() {
    const {'allow-client-secrets': allowClientSecrets, cluster, 'dry-run': dryRun, timeout = 600} = this.flags
    const settled = await settleCluster(this.world, {allowClientSecrets, cluster, dryRun, timeoutSeconds: timeout})
    return this.answer(settled, workloadNamesView, servicesJson)
  }
}
