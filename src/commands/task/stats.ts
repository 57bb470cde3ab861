import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster} from '../../cli/flags.js'
import {usageRowsView} from '../../console/usage-rows.js'
import {usageJson} from '../../ecs/usage.js'
import {taskUsage, watchUsage} from '../../manager/task-usage.js'

export default class TaskStats extends BaseCommand<typeof TaskStats> {
  static override summary = 'Show what running tasks use: CPU, memory, network, disk, processes.'
  static override description = 'Read again and again with --watch, until Ctrl-C. 100 % of CPU is one core.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> 4f1c --watch']
  static override args = {
    task: Args.string({description: 'ARN, id or a unique beginning of it; several may be given; default: all that run.'}),
  }
  static override flags = {
    cluster,
    watch: Flags.boolean({description: 'Read again and again, until Ctrl-C.', exclusive: ['json', 'query']}),
  }
  static override strict = false

  async run() {
    const wanted = {cluster: this.flags.cluster, tasks: this.named}
    if (this.flags.watch) return this.watch(watchUsage(this.world, wanted), usageRowsView)
    return this.tell(await taskUsage(this.world, wanted), usageRowsView, usageJson)
  }
}
