import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, streamFlags} from '../../cli/flags.js'
import {logsJson} from '../../cli/log-flags.js'
import {seconds} from '../../cli/value-flags.js'
import {taskLogs} from '../../manager/task-logs.js'

export default class TaskLogs extends BaseCommand<typeof TaskLogs> {
  static override summary = 'Print what a task printed; its last lines where its container is gone.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4f1c -f',
    '<%= config.bin %> <%= command.id %> 4f1c --since 5m --tail 100 --timestamps',
    '<%= config.bin %> <%= command.id %> 4f1c --container proxy -f',
  ]
  static override args = {task: Args.string({description: 'ARN, id or a unique beginning of it.', required: true})}
  static override baseFlags = streamFlags
  static override flags = {
    cluster,
    container: Flags.string({description: 'Only of this container; default: all of the task, in the order of time.', helpValue: 'NAME'}),
    follow: Flags.boolean({char: 'f', description: 'Go on until the task stops or Ctrl-C.'}),
    json: logsJson,
    since: seconds({description: 'Only what was printed within this time: seconds, or 30s, 5m, 2h.'}),
    tail: Flags.integer({description: 'Only the last N lines.', helpValue: 'N', min: 0}),
    timestamps: Flags.boolean({description: 'Put the time before each line.'}),
  }

  protected override get printsLines() {
    return true
  }

  async run() {
    const {cluster, container, follow, json: documents, since: sinceSeconds, tail, timestamps} = this.flags
    const wanted = {cluster, container, documents, follow, sinceSeconds, tail, task: this.args.task, timestamps}
    await this.pipe(taskLogs(this.world, wanted))
  }
}
