import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {execFlags} from '../../cli/exec-flags.js'
import {streamFlags} from '../../cli/flags.js'
import {serviceArgs} from '../../cli/service-flags.js'
import {execInService} from '../../manager/service-exec.js'

export default class ServiceExec extends BaseCommand<typeof ServiceExec> {
  static override summary = 'Run a program inside one of the running tasks of a service; exits with its exit code.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> web -it -- sh',
    '<%= config.bin %> <%= command.id %> web --slot 2 -- cat /etc/hostname',
  ]
  static override args = serviceArgs
  static override baseFlags = streamFlags
  static override flags = {
    ...execFlags,
    slot: Flags.integer({description: 'In the task of this slot; default: the lowest whose task is healthy.', helpValue: 'N', min: 1}),
  }
  static override takesCommand = true
  static override usage =
    '<%= command.id %> NAME [--slot N] [-c NAME] [--container NAME] [-e NAME[=VALUE]...] [-i] [-t] [--user USER] [--workdir PATH] -- PROGRAM [WORD...]'

  async run() {
    const {env = [], interactive: stdin, tty, workdir: workingDirectory, ...flags} = this.flags
    const wanted = {...flags, command: this.command, environment: env.flat(), name: this.args.name, stdin, tty, workingDirectory}
    await this.converse(await execInService(this.world, wanted), {stdin, tty})
  }
}
