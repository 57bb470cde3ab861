import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster} from '../../cli/flags.js'
import {seconds} from '../../cli/value-flags.js'
import {runController} from '../../manager/controller.js'

export default class ControllerRun extends BaseCommand<typeof ControllerRun> {
  static override summary = 'Keep the services and daemons of a cluster as they are wanted, until it is told to end.'
  static override description = [
    'Woken by the events of all engines, by every change of the state, and by a look at all hosts now and then. Several may run: one leads, the others stand by.',
    'While it leads, what dies is replaced; when it ends by SIGTERM or Ctrl-C it hands that to the restart policies of the engines.',
  ].join('\n')
  static override examples = [
    '<%= config.bin %> <%= command.id %> -c prod',
    '<%= config.bin %> <%= command.id %> -c prod --metrics 9464 --log-format json',
  ]
  static override flags = {
    'allow-client-secrets': Flags.boolean({
      description: "Let definitions' secrets run programs here, and be read from outside their folders.",
    }),
    cluster,
    'full-look-every': seconds({description: 'Look at all hosts at least as often; default: 30s.'}),
    'log-format': Flags.option({
      default: 'text' as const,
      description: 'How each line on stderr is written.',
      options: ['json', 'text'] as const,
    })(),
    metrics: Flags.string({description: 'Answer Prometheus at this port of this machine, or at HOST:PORT: /metrics.', helpValue: 'PORT'}),
  }

  async run() {
    const {
      'allow-client-secrets': allowClientSecrets,
      cluster,
      'full-look-every': every = 30,
      'log-format': logFormat,
      metrics,
    } = this.flags
    await runController(this.world, {allowClientSecrets, cluster, fullLookEveryMs: every * 1000, logFormat, metrics})
  }
}
