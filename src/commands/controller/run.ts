import {BaseCommand} from '../../cli/base-command.js'
import {controllerFlags} from '../../cli/controller-flags.js'
import {seconds} from '../../cli/value-flags.js'
import {logTo} from '../../console/log-lines.js'
import {runController} from '../../manager/controller.js'
import {parseMetricsAddress} from '../../manager/metrics-server.js'

export default class ControllerRun extends BaseCommand<typeof ControllerRun> {
  static override summary = 'Keep all services of a cluster as they are wanted, until it is told to end.'
  static override description =
    'Stays in the foreground and logs on stderr. Several may run: one leads, and when it dies another does within seconds. SIGTERM ends it with exit code 0.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -c prod --metrics 9100 --log-format json',
  ]
  static override flags = {
    ...controllerFlags,
    'full-look-every': seconds({description: 'Look at all hosts as often, though nothing has happened; default: 30s.'}),
  }

  async run() {
    const {cluster, 'full-look-every': fullLookEverySeconds = 30, 'log-format': format, metrics} = this.flags
    await runController(this.world, {
      cluster,
      fullLookEverySeconds,
      metrics: metrics === undefined ? undefined : parseMetricsAddress(metrics),
      allowClientSecrets: this.flags['allow-client-secrets'],
      log: logTo(process.stderr, format),
    })
  }
}
