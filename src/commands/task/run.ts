import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {runFlags, runWanted} from '../../cli/run-flags.js'
import {ranTasksView} from '../../console/tasks.js'
import {tasksJson} from '../../ecs/tasks.js'
import {runTasks} from '../../manager/run-tasks.js'

export default class TaskRun extends BaseCommand<typeof TaskRun> {
  static override summary = 'Run a task definition, or an image, on an instance that has room for it.'
  static override description = [
    "Attached unless --detach: prints what the task prints and exits with its exit code. The first Ctrl-C goes to the task, the second leaves it running. The command after -- replaces the container's own.",
    'With --image a task definition is registered under the name of the image, where no revision says the same yet.',
  ].join('\n')
  static override examples = [
    "<%= config.bin %> <%= command.id %> --image alpine:3 --memory 64 -- sh -c 'echo hi; exit 3'",
    '<%= config.bin %> <%= command.id %> --image nginx:1 --memory 64 -p 8080:80 --detach',
    '<%= config.bin %> <%= command.id %> nginx --count 3 --placement-constraint distinctInstance --detach',
    "<%= config.bin %> <%= command.id %> nginx --placement-constraint 'memberOf:attribute:disk == ssd' --placement-strategy binpack:memory --detach",
  ]
  static override args = {
    'task-definition': Args.string({
      description: 'Family (its newest revision), family:revision or ARN; asked for on a terminal when neither it nor --image is given.',
    }),
  }
  static override flags = runFlags
  static override takesCommand = true
  static override usage = [
    '<%= command.id %> --image IMAGE [FLAGS] [-- COMMAND [WORD...]]',
    '<%= command.id %> TASK-DEFINITION [FLAGS] [-- COMMAND [WORD...]]',
  ]

  async run() {
    const run = await runTasks(this.world, runWanted(this.flags, this.command, this.args['task-definition']))
    await this.pipe(run.output)
    const ran = await run.finish()
    this.exitWith(ran.dryRun ? 0 : ran.value.exitCode)
    return this.answer(ran, ranTasksView, tasksJson)
  }
}
