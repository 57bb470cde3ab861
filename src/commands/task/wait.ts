import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster} from '../../cli/flags.js'
import {taskArgs} from '../../cli/task-flags.js'
import {seconds} from '../../cli/value-flags.js'
import {taskIdsView} from '../../console/tasks.js'
import {tasksJson} from '../../ecs/tasks.js'
import {waitForTasks} from '../../manager/tasks.js'

export default class TaskWait extends BaseCommand<typeof TaskWait> {
  static override summary = 'Wait until tasks have stopped, or run; exits with the first exit code that is not 0.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4f1c',
    '<%= config.bin %> <%= command.id %> 4f1c --until running --timeout 30s',
  ]
  static override args = taskArgs
  static override flags = {
    cluster,
    timeout: seconds({default: 600, description: 'Give up after this time: seconds, or 30s, 5m, 2h.'}),
    until: Flags.option({default: 'stopped', description: 'What to wait for.', options: ['running', 'stopped'] as const})(),
  }
  static override strict = false

  async run() {
    const found = await waitForTasks(this.world, {
      cluster: this.flags.cluster,
      tasks: this.named,
      timeoutSeconds: this.flags.timeout,
      until: this.flags.until,
    })
    this.exitWith(found.exitCode)
    return this.tell(found, taskIdsView, tasksJson)
  }
}
