import {BaseCommand} from '../../cli/base-command.js'
import {serviceArgs} from '../../cli/service-flags.js'
import {streamFlags} from '../../cli/flags.js'
import {logFlags, logsWanted} from '../../cli/log-flags.js'
import {prefixPaint} from '../../console/prefix-paint.js'
import {workloadLogs} from '../../manager/workload-logs.js'

export default class ServiceLogs extends BaseCommand<typeof ServiceLogs> {
  static override summary = 'Print what all tasks of a service print, on all hosts, in the order of time.'
  static override description =
    'Each line bears the place and the id of its task. Tasks that have stopped are told too, as far as their containers are there.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> web -f',
    '<%= config.bin %> <%= command.id %> web --since 5m --grep error --timestamps',
    '<%= config.bin %> <%= command.id %> web -f --json',
  ]
  static override args = serviceArgs
  static override baseFlags = streamFlags
  static override flags = logFlags

  protected override get printsLines() {
    return true
  }

  async run() {
    const wanted = logsWanted(this.flags, prefixPaint(process.stdout))
    await this.pipe(workloadLogs(this.world, {...wanted, kind: 'service', name: this.args.name}))
  }
}
