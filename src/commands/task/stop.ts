import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {taskArgs} from '../../cli/task-flags.js'
import {seconds} from '../../cli/value-flags.js'
import {taskIdsView} from '../../console/tasks.js'
import {tasksJson} from '../../ecs/tasks.js'
import {stopTasks} from '../../manager/tasks.js'

export default class TaskStop extends BaseCommand<typeof TaskStop> {
  static override summary = 'Stop tasks: their stop signal, a time to end, then SIGKILL.'
  static override description = 'A task that has stopped already is left as it is, and that is no error.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4f1c',
    '<%= config.bin %> <%= command.id %> 4f1c 9a02 --reason "moving house" --timeout 5s',
  ]
  static override args = taskArgs
  static override flags = {
    ...planFlags,
    cluster,
    reason: Flags.string({description: 'What stoppedReason will say.', helpValue: 'TEXT'}),
    timeout: seconds({description: "Time between the stop signal and SIGKILL: seconds, or 30s, 5m; default: the definition's, or 30 s."}),
  }
  static override strict = false

  async run() {
    const {cluster, 'dry-run': dryRun, reason, timeout: timeoutSeconds} = this.flags
    const stopped = await stopTasks(this.world, {cluster, dryRun, reason, tasks: this.named, timeoutSeconds})
    return this.answer(stopped, taskIdsView, tasksJson)
  }
}
