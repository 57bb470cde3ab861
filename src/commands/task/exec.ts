import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {execFlags} from '../../cli/exec-flags.js'
import {streamFlags} from '../../cli/flags.js'
import {execInTask} from '../../manager/task-exec.js'

export default class TaskExec extends BaseCommand<typeof TaskExec> {
  static override summary = 'Run a program inside a running task; exits with its exit code.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4f1c -it -- sh',
    '<%= config.bin %> <%= command.id %> 4f1c -- cat /etc/hostname',
  ]
  static override args = {task: Args.string({description: 'ARN, id or a unique beginning of it.', required: true})}
  static override baseFlags = streamFlags
  static override flags = execFlags
  static override takesCommand = true
  static override usage =
    '<%= command.id %> TASK [-c NAME] [--container NAME] [-e NAME[=VALUE]...] [-i] [-t] [--user USER] [--workdir PATH] -- PROGRAM [WORD...]'

  async run() {
    const {env = [], interactive: stdin, tty, workdir: workingDirectory, ...flags} = this.flags
    const wanted = {...flags, command: this.command, environment: env.flat(), stdin, task: this.args.task, tty, workingDirectory}
    const session = await execInTask(this.world, wanted)
    await this.converse(session, {stdin, tty})
  }
}
