import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {explainFlags, explainWanted, RUN_ONLY} from '../../cli/run-flags.js'
import {explainedView} from '../../console/explanations.js'
import {explainPlacement} from '../../manager/explain-placement.js'

export default class PlacementExplain extends BaseCommand<typeof PlacementExplain> {
  static override summary =
    'Show where a task of a run or of a service would go, or why it went where it is: every instance by every check, the ranks, and what would let it fit.'
  static override description =
    'What is not met has a ! before what is there. Nothing is placed. Where no instance fits, the smallest changes that would let one take the task are told.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> web:3',
    "<%= config.bin %> <%= command.id %> web --placement-constraint 'memberOf:attribute:disk == ssd' --placement-strategy binpack:memory",
    '<%= config.bin %> <%= command.id %> --image nginx:1 --memory 512 -p 8080:80',
    '<%= config.bin %> <%= command.id %> --service web',
    '<%= config.bin %> <%= command.id %> --daemon agent',
    '<%= config.bin %> <%= command.id %> --task 4f1c',
    '<%= config.bin %> <%= command.id %> --run 9b2e',
  ]
  static override args = {
    'task-definition': Args.string({
      description:
        'Family (its newest revision), family:revision or ARN, or a task as for --task; asked for on a terminal when neither it nor --image is given.',
    }),
  }
  static override flags = {
    ...explainFlags,
    run: Flags.string({
      description: 'Run that was placed, or refused, before: an id of "placement list", or a unique beginning.',
      exclusive: ['task'],
      helpValue: 'RUN',
    }),
    daemon: Flags.string({
      description: 'Daemon of which is asked why each instance has a task of it, or none: name or ARN.',
      exclusive: ['run', 'service', 'task', ...RUN_ONLY],
      helpValue: 'DAEMON',
    }),
    service: Flags.string({
      description: 'Service whose next task is asked for, whether one is due or not: name or ARN.',
      exclusive: ['run', 'task', ...RUN_ONLY],
      helpValue: 'SERVICE',
    }),
    task: Flags.string({
      description: 'Task that was placed, by a run, a service or a daemon: why it went where it went. Id, ARN or a unique beginning.',
      helpValue: 'TASK',
    }),
  }

  async run() {
    const {cached, daemon, run: keptRun, service, task} = this.flags
    const run = explainWanted(this.flags, this.args['task-definition'])
    return this.tell(
      await explainPlacement(this.world, {cached, daemon, keptRun, run, service, task}),
      explainedView,
      (explained) => explained,
    )
  }
}
