import {BaseCommand} from '../../cli/base-command.js'
import {createServiceFlags, createServiceWanted, serviceOrInputArgs} from '../../cli/service-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {oneServiceJson} from '../../ecs/services.js'
import {createService} from '../../manager/services.js'

export default class ServiceCreate extends BaseCommand<typeof ServiceCreate> {
  static override summary = 'Keep a number of tasks of a task definition running.'
  static override description = [
    'Returns once the service is steady: as many tasks run as are wanted. Ctrl-C leaves what was recorded, and "service wait" goes on with it.',
    'A task that ends, or whose health check fails, is replaced by the controller or by the next command that settles the service.',
  ].join('\n')
  static override examples = [
    '<%= config.bin %> <%= command.id %> web --task-definition web:3 --desired-count 4',
    '<%= config.bin %> <%= command.id %> web --task-definition web --circuit-breaker --placement-strategy spread:attribute:ecs.availability-zone',
    '<%= config.bin %> <%= command.id %> web --task-definition web --desired-count 2 --dry-run',
    '<%= config.bin %> <%= command.id %> --cli-input-json file://service.json',
  ]
  static override args = serviceOrInputArgs
  static override flags = createServiceFlags

  async run() {
    for (const note of this.flags['cli-input-json']?.notes ?? []) this.world.reporter.note(`note: ${note}`)
    const created = await createService(this.world, createServiceWanted(this.flags, this.args.name))
    return this.answer(created, workloadNamesView, oneServiceJson)
  }
}
