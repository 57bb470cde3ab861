import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {protectionMinutes, taskArgs} from '../../cli/task-flags.js'
import {taskIdsView} from '../../console/tasks.js'
import {protectionJson} from '../../ecs/protection.js'
import {protectTasks} from '../../manager/protect.js'

export default class TaskProtect extends BaseCommand<typeof TaskProtect> {
  static override summary = 'Keep tasks of services from being stopped by scaling in, deployments and drains, for a while.'
  static override description = 'Said again, the time begins anew. "task stop" stops them all the same, and a host that is lost is lost.'
  static override examples = ['<%= config.bin %> <%= command.id %> 4f1c --expires 1h', '<%= config.bin %> <%= command.id %> 4f1c --off']
  static override args = taskArgs
  static override flags = {
    ...planFlags,
    cluster,
    expires: protectionMinutes({description: 'How long, from a minute to two days; default: 2h.'}),
    off: Flags.boolean({description: 'Protect them no longer.', exclusive: ['expires']}),
  }
  static override strict = false

  async run() {
    const {cluster, 'dry-run': dryRun, expires = 120, off} = this.flags
    const protecting = await protectTasks(this.world, {cluster, dryRun, minutes: off ? undefined : expires, tasks: this.named})
    return this.answer(protecting, taskIdsView, protectionJson)
  }
}
