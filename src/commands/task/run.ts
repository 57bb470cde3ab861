import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {environment, environmentFile, memoryMiB, placementConstraint, publish, runValues, volume} from '../../cli/value-flags.js'
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
  ]
  static override args = {
    'task-definition': Args.string({
      description: 'Family (its newest revision), family:revision or ARN; asked for on a terminal when neither it nor --image is given.',
    }),
  }
  static override flags = {
    ...planFlags,
    'client-token': Flags.string({
      description: 'Repeatable choice of instances: the same token over the same cluster gives the same ones.',
      helpValue: 'TOKEN',
    }),
    cluster,
    count: Flags.integer({default: 1, description: 'Tasks to run, placed in one pass.', helpValue: 'N', min: 1}),
    cpu: Flags.integer({description: 'CPU units of the container; 1024 are one core.', helpValue: 'UNITS', min: 0}),
    detach: Flags.boolean({description: 'Print the ids and return once the tasks run.'}),
    env: environment(),
    'env-file': environmentFile(),
    group: Flags.string({description: 'Task group; default: family:FAMILY.', helpValue: 'GROUP'}),
    image: Flags.string({description: 'Image to run instead of a task definition.', helpValue: 'IMAGE'}),
    memory: memoryMiB({description: 'Memory limit of the container; default with --image: 512 MiB.'}),
    'placement-constraint': placementConstraint,
    publish,
    rm: Flags.boolean({description: 'Remove the containers as soon as the task has stopped.'}),
    'started-by': Flags.string({description: 'A mark to find the tasks by.', helpValue: 'TEXT'}),
    volume,
    wait: Flags.boolean({description: 'Wait for the end: the default.', exclusive: ['detach'], hidden: true}),
  }
  static override takesCommand = true
  static override usage = [
    '<%= command.id %> --image IMAGE [FLAGS] [-- COMMAND [WORD...]]',
    '<%= command.id %> TASK-DEFINITION [FLAGS] [-- COMMAND [WORD...]]',
  ]

  async run() {
    const {
      'client-token': clientToken,
      cluster,
      count,
      cpu: cpuUnits,
      detach,
      'dry-run': dryRun,
      group,
      image,
      memory: memoryMiB,
      rm: removeWhenStopped,
      'started-by': startedBy,
    } = this.flags
    const wanted = {
      clientToken,
      cluster,
      command: this.command,
      count,
      cpuUnits,
      detach,
      dryRun,
      group,
      image,
      memoryMiB,
      removeWhenStopped,
      startedBy,
    }
    const run = await runTasks(this.world, {...wanted, ...runValues(this.flags), reference: this.args['task-definition'], strategies: []})
    await this.pipe(run.output)
    const ran = await run.finish()
    this.exitWith(ran.dryRun ? 0 : ran.value.exitCode)
    return this.answer(ran, ranTasksView, tasksJson)
  }
}
