import {BaseCommand} from '../../cli/base-command.js'
import {scaleArgs} from '../../cli/service-flags.js'
import {mannerOf, rolloutFlags} from '../../cli/workload-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {oneServiceJson} from '../../ecs/services.js'
import {scaleService} from '../../manager/services.js'

export default class ServiceScale extends BaseCommand<typeof ServiceScale> {
  static override summary = 'Change how many tasks of a service are kept running.'
  static override examples = ['<%= config.bin %> <%= command.id %> web 6', '<%= config.bin %> <%= command.id %> web 0 --detach']
  static override args = scaleArgs
  static override flags = rolloutFlags

  async run() {
    const scaled = await scaleService(this.world, {...mannerOf(this.flags), desiredCount: this.args['desired-count'], name: this.args.name})
    return this.answer(scaled, workloadNamesView, oneServiceJson)
  }
}
