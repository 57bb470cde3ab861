import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {mannerOf, rolloutFlags, serviceArgs} from '../../cli/service-flags.js'
import {serviceNamesView} from '../../console/services.js'
import {oneServiceJson} from '../../ecs/services.js'
import {scaleService} from '../../manager/services.js'

export default class ServiceScale extends BaseCommand<typeof ServiceScale> {
  static override summary = 'Change how many tasks of a service are kept running.'
  static override examples = ['<%= config.bin %> <%= command.id %> web 6', '<%= config.bin %> <%= command.id %> web 0 --detach']
  static override args = {...serviceArgs, count: Args.integer({description: 'Tasks to keep running.', max: 5000, min: 0, required: true})}
  static override flags = rolloutFlags

  async run() {
    const scaled = await scaleService(this.world, {...mannerOf(this.flags), desiredCount: this.args.count, name: this.args.name})
    return this.answer(scaled, serviceNamesView, oneServiceJson)
  }
}
