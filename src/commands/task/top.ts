import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster} from '../../cli/flags.js'
import {processesView} from '../../console/usage-rows.js'
import {processesJson} from '../../ecs/usage.js'
import {taskProcesses} from '../../manager/task-usage.js'

export default class TaskTop extends BaseCommand<typeof TaskTop> {
  static override summary = 'List the processes of a running task.'
  static override examples = ['<%= config.bin %> <%= command.id %> 4f1c', '<%= config.bin %> <%= command.id %> 4f1c --container proxy']
  static override args = {task: Args.string({description: 'ARN, id or a unique beginning of it.', required: true})}
  static override flags = {
    cluster,
    container: Flags.string({description: 'Container whose processes are meant; default: the first essential one.', helpValue: 'NAME'}),
  }

  async run() {
    const {cluster, container} = this.flags
    const found = await taskProcesses(this.world, {cluster, container, task: this.args.task})
    return this.tell(found, processesView, processesJson)
  }
}
