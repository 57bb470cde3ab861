import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {seconds} from '../../cli/value-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {servicesJson} from '../../ecs/services.js'
import {settleCluster} from '../../manager/settle-cluster.js'

export default class ClusterSettle extends BaseCommand<typeof ClusterSettle> {
  static override summary = 'Carry all services and daemons of a cluster on once: for cron and CI, where no controller runs.'
  static override description =
    'Replaces what has died, goes on with what was interrupted. Exits with 9 and names those that are not steady, as soon as nothing more can be done.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> -c prod --dry-run --exit-code']
  static override flags = {
    ...planFlags,
    'allow-client-secrets': Flags.boolean({
      description: "Let definitions' secrets run programs here, and be read from outside their folders.",
    }),
    cluster,
    timeout: seconds({description: 'Wait this long at most; default: 10m.'}),
  }

  async run() {
    const {'allow-client-secrets': allowClientSecrets, cluster, 'dry-run': dryRun, timeout: timeoutSeconds = 600} = this.flags
    const settled = await settleCluster(this.world, {allowClientSecrets, cluster, dryRun, timeoutSeconds})
    return this.answer(settled, workloadNamesView, servicesJson)
  }
}
