import {BaseCommand} from '../../cli/base-command.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {instanceArgs} from '../../cli/instance-flags.js'
import {instanceNamesView} from '../../console/instances.js'
import {instancesJson} from '../../ecs/instances.js'
import {setInstanceStatus} from '../../manager/instances.js'

export default class InstanceDrain extends BaseCommand<typeof InstanceDrain> {
  static override summary = 'Place no new tasks on instances.'
  static override description = 'The tasks they have go on. "instance activate" undoes it.'
  static override examples = ['<%= config.bin %> <%= command.id %> db1', '<%= config.bin %> <%= command.id %> db1 web1']
  static override args = instanceArgs
  static override flags = {...planFlags, cluster}
  static override strict = false

  async run() {
    const {cluster, 'dry-run': dryRun} = this.flags
    const changed = await setInstanceStatus(this.world, {cluster, dryRun, names: this.named, status: 'DRAINING'})
    return this.answer(changed, instanceNamesView, instancesJson)
  }
}
