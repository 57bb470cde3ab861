import {BaseCommand} from '../../cli/base-command.js'
import {serviceOrInputArgs, updateServiceFlags, updateServiceWanted} from '../../cli/service-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {oneServiceJson} from '../../ecs/services.js'
import {updateService} from '../../manager/services.js'

export default class ServiceUpdate extends BaseCommand<typeof ServiceUpdate> {
  static override summary = 'Change a service: another definition is rolled out task by task.'
  static override description =
    'Old tasks go as far as the minimum percent stays healthy, new ones come as far as the maximum percent leaves room. Only another definition or --force-new-deployment makes a deployment.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> web --task-definition web:4',
    '<%= config.bin %> <%= command.id %> web --task-definition web:4 --minimum-healthy-percent 50 --maximum-percent 100',
    '<%= config.bin %> <%= command.id %> web --force-new-deployment --dry-run',
  ]
  static override args = serviceOrInputArgs
  static override flags = updateServiceFlags

  async run() {
    for (const note of this.flags['cli-input-json']?.notes ?? []) this.world.reporter.note(`note: ${note}`)
    const updated = await updateService(this.world, updateServiceWanted(this.flags, this.args.name))
    return this.answer(updated, workloadNamesView, oneServiceJson)
  }
}
