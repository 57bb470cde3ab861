import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, streamFlags} from '../../cli/flags.js'
import {environment} from '../../cli/value-flags.js'
import {execInTask} from '../../manager/task-exec.js'

export default class TaskExec extends BaseCommand<typeof TaskExec> {
  static override summary = 'Run a program inside a running task; exits with its exit code.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4f1c -it -- sh',
    '<%= config.bin %> <%= command.id %> 4f1c -- cat /etc/hostname',
  ]
  static override args = {task: Args.string({description: 'ARN, id or a unique beginning of it.', required: true})}
  static override baseFlags = streamFlags
  static override flags = {
    cluster,
    container: Flags.string({description: 'Container to run it in; default: the first essential one.', helpValue: 'NAME'}),
    env: environment(),
    interactive: Flags.boolean({char: 'i', description: 'Pass on what is typed.'}),
    tty: Flags.boolean({char: 't', description: 'Give the program a terminal.'}),
    user: Flags.string({description: 'User to run it as: user, user:group, uid, uid:gid.', helpValue: 'USER'}),
    workdir: Flags.string({description: 'Folder to run it in.', helpValue: 'PATH'}),
  }
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
