import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {instanceArgs} from '../../cli/instance-flags.js'
import {seconds} from '../../cli/value-flags.js'
import {instanceNamesView} from '../../console/instances.js'
import {instancesJson} from '../../ecs/instances.js'
import {drainInstances} from '../../manager/drain.js'

export default class InstanceDrain extends BaseCommand<typeof InstanceDrain> {
  static override summary = 'Place no new tasks on instances, and with --wait empty them.'
  static override description = [
    'Tasks of services are replaced elsewhere, first or after, as their percentages say; daemons stop last. With --wait it returns once nothing is left; without, a controller does it, or the next "cluster settle".',
    'Tasks that no service keeps go on, and are waited for, unless --stop-tasks stops them. "instance activate" undoes it.',
  ].join('\n')
  static override examples = [
    '<%= config.bin %> <%= command.id %> db1 --wait',
    '<%= config.bin %> <%= command.id %> db1 web1 --wait --stop-tasks --timeout 5m',
    '<%= config.bin %> <%= command.id %> db1 --wait --dry-run',
  ]
  static override args = instanceArgs
  static override flags = {
    ...planFlags,
    cluster,
    'stop-tasks': Flags.boolean({description: 'Stop the tasks that no service or daemon keeps, too.'}),
    timeout: seconds({description: 'With --wait: wait this long at most; default: 10m.'}),
    wait: Flags.boolean({description: 'Return only when they are empty.'}),
  }
  static override strict = false

  async run() {
    const {cluster, 'dry-run': dryRun, 'stop-tasks': stopTasks, timeout: timeoutSeconds = 600, wait} = this.flags
    const drained = await drainInstances(this.world, {cluster, dryRun, names: this.named, stopTasks, timeoutSeconds, wait})
    return this.answer(drained, instanceNamesView, instancesJson)
  }
}
