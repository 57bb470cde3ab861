import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {instanceArgs, joinFlags, joinWanted} from '../../cli/instance-flags.js'
import {seconds} from '../../cli/value-flags.js'
import {instanceNamesView} from '../../console/instances.js'
import {instancesJson} from '../../ecs/instances.js'
import {replaceInstance} from '../../manager/replace-instance.js'

export default class InstanceReplace extends BaseCommand<typeof InstanceReplace> {
  static override summary = 'Put another host in the place of an instance: it joins, the old one is drained, then leaves.'
  static override description = 'Cut off anywhere, the same words go on where they were.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> db1 --with ssh://deploy@db2.example',
    '<%= config.bin %> <%= command.id %> db1 --with ssh://deploy@db2.example --name db2 --zone a --dry-run',
  ]
  static override args = instanceArgs
  static override flags = {
    ...planFlags,
    ...joinFlags,
    cluster,
    'stop-tasks': Flags.boolean({description: 'Stop the tasks of the old one that no service or daemon keeps.'}),
    timeout: seconds({description: 'Wait this long at most for the old one to be empty; default: 10m.'}),
    with: Flags.string({description: 'The host that joins, as for "instance join".', helpValue: 'HOST', required: true}),
  }

  async run() {
    const {cluster, 'dry-run': dryRun, 'stop-tasks': stopTasks, timeout: timeoutSeconds = 600, with: host} = this.flags
    const join = {...joinWanted(this.flags), cluster, dryRun, host}
    const replaced = await replaceInstance(this.world, {cluster, dryRun, join, name: this.args.instance, stopTasks, timeoutSeconds})
    return this.answer(replaced, instanceNamesView, instancesJson)
  }
}
