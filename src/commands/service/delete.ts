import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {serviceArgs} from '../../cli/service-flags.js'
import {mannerOf, rolloutFlags} from '../../cli/workload-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {oneServiceJson} from '../../ecs/services.js'
import {deleteService} from '../../manager/services.js'

export default class ServiceDelete extends BaseCommand<typeof ServiceDelete> {
  static override summary = 'Delete a service.'
  static override description = 'One that is wanted or runs is refused, unless --force stops its tasks.'
  static override examples = ['<%= config.bin %> <%= command.id %> web', '<%= config.bin %> <%= command.id %> web --force --yes']
  static override args = serviceArgs
  static override flags = {...rolloutFlags, force: Flags.boolean({description: 'Stop its tasks, whatever its desired count.'})}

  async run() {
    const deleted = await deleteService(this.world, {...mannerOf(this.flags), force: this.flags.force, name: this.args.name})
    return this.answer(deleted, workloadNamesView, oneServiceJson)
  }
}
