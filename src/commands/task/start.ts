import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {startFlags, startWanted} from '../../cli/run-flags.js'
import {ranTasksView} from '../../console/tasks.js'
import {tasksJson} from '../../ecs/tasks.js'
import {runTasks} from '../../manager/run-tasks.js'

export default class TaskStart extends BaseCommand<typeof TaskStart> {
  static override summary = 'Start a task definition on instances that you name, one task on each.'
  static override description =
    "As ECS's StartTask: no strategy chooses and no constraint is asked, but each instance must have room. Prints the ids and returns once the tasks run; where one instance refuses, the others start all the same."
  static override examples = [
    '<%= config.bin %> <%= command.id %> web --instance db1',
    '<%= config.bin %> <%= command.id %> web:3 --instance db1 --instance web1 --started-by me',
  ]
  static override args = {
    'task-definition': Args.string({description: 'Family (its newest revision), family:revision or ARN.', required: true}),
  }
  static override flags = startFlags
  static override takesCommand = true
  static override usage = '<%= command.id %> TASK-DEFINITION --instance INSTANCE... [FLAGS] [-- COMMAND [WORD...]]'

  async run() {
    const run = await runTasks(this.world, startWanted(this.flags, this.command, this.args['task-definition']))
    return this.answer(await run.finish(), ranTasksView, tasksJson)
  }
}
