import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {taskArgs} from '../../cli/task-flags.js'
import {taskDetailsView} from '../../console/tasks.js'
import {tasksJson} from '../../ecs/tasks.js'
import {describeTasks} from '../../manager/tasks.js'

export default class TaskDescribe extends BaseCommand<typeof TaskDescribe> {
  static override summary = 'Show all that is known of tasks: of stopped ones why they stopped, exit codes and last lines too.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4f1c',
    "<%= config.bin %> <%= command.id %> 4f1c --query 'tasks[0].stoppedReason'",
  ]
  static override args = taskArgs
  static override flags = {cached, cluster}
  static override strict = false

  async run() {
    const found = await describeTasks(this.world, {cached: this.flags.cached, cluster: this.flags.cluster, tasks: this.named})
    return this.tell(found, taskDetailsView, tasksJson)
  }
}
