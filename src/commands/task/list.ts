import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cached, cluster} from '../../cli/flags.js'
import {taskFilter} from '../../cli/task-flags.js'
import {tasksView} from '../../console/tasks.js'
import {tasksJson} from '../../ecs/tasks.js'
import {listTasks, watchTasks} from '../../manager/tasks.js'

export default class TaskList extends BaseCommand<typeof TaskList> {
  static override summary = 'List the tasks of the cluster; stopped ones only with --all or --desired-status.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --all --instance db1',
    "<%= config.bin %> <%= command.id %> --query 'tasks[].taskArn'",
    '<%= config.bin %> <%= command.id %> --watch',
  ]
  static override flags = {
    all: Flags.boolean({description: 'Stopped tasks too.', exclusive: ['desired-status']}),
    cached,
    cluster,
    'desired-status': Flags.option({
      description: 'Only tasks of this desired status; default: RUNNING.',
      options: ['RUNNING', 'STOPPED'] as const,
    })(),
    family: Flags.string({description: 'Only tasks of this family.', helpValue: 'FAMILY'}),
    group: Flags.string({description: 'Only tasks of this task group.', helpValue: 'GROUP'}),
    instance: Flags.string({description: 'Only tasks on this instance.', helpValue: 'INSTANCE'}),
    'started-by': Flags.string({description: 'Only tasks with this mark.', helpValue: 'TEXT'}),
    watch: Flags.boolean({description: 'Show it again whenever it changes, until Ctrl-C.', exclusive: ['json', 'query']}),
  }

  async run() {
    const filter = taskFilter(this.flags)
    if (this.flags.watch) await this.watch(watchTasks(this.world, filter), (found) => tasksView(found, this.world.clock.now()))
    const found = await listTasks(this.world, filter)
    return this.tell(found, (them) => tasksView(them, this.world.clock.now()), tasksJson)
  }
}
