import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster, streamFlags} from '../../cli/flags.js'
import {copyWanted} from '../../cli/task-flags.js'
import {copyFiles} from '../../manager/copy.js'

const SIDE = 'TASK:PATH in a task, a path of this machine, or - for a tar'

export default class TaskCp extends BaseCommand<typeof TaskCp> {
  static override summary = 'Copy files and folders between a task and this machine.'
  static override description =
    'As docker cp: into a folder that is there, else under the new name; FOLDER/. copies what is in the folder. A task that has stopped will do, as long as its container is there.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4f1c:/var/log/app.log .',
    '<%= config.bin %> <%= command.id %> ./conf/. 4f1c:/etc/app',
    '<%= config.bin %> <%= command.id %> 4f1c:/data - | tar -tf -',
  ]
  static override args = {
    from: Args.string({description: `What to copy: ${SIDE} on standard input.`, required: true}),
    to: Args.string({description: `Where to: ${SIDE} on standard output.`, required: true}),
  }
  static override baseFlags = streamFlags
  static override flags = {
    cluster,
    container: Flags.string({description: 'Container that is meant; default: the first essential one.', helpValue: 'NAME'}),
  }

  async run() {
    const {cluster, container} = this.flags
    await this.pipe(copyFiles(this.world, {cluster, container, copy: copyWanted(this.args), input: process.stdin}))
  }
}
