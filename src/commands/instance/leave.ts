import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {instanceArgs} from '../../cli/instance-flags.js'
import {instanceNamesView} from '../../console/instances.js'
import {instancesJson} from '../../ecs/instances.js'
import {leaveInstance} from '../../manager/instances.js'

export default class InstanceLeave extends BaseCommand<typeof InstanceLeave> {
  static override summary = 'Take an instance out of the cluster.'
  static override description =
    'Refused while it has unstopped tasks. With --force they are orphaned, as in ECS: they keep running and are no longer tracked; and a host that does not answer is forgotten.'
  static override examples = ['<%= config.bin %> <%= command.id %> db1', '<%= config.bin %> <%= command.id %> db1 --force --yes']
  static override args = instanceArgs
  static override flags = {...planFlags, cluster, force: Flags.boolean({description: 'Leave its tasks behind; forget a silent host.'})}

  async run() {
    const {cluster, 'dry-run': dryRun, force} = this.flags
    const left = await leaveInstance(this.world, {cluster, dryRun, force, name: this.args.instance})
    return this.answer(left, instanceNamesView, (found) => ({containerInstance: instancesJson(found).containerInstances[0]}))
  }
}
