import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {daemonArgs} from '../../cli/daemon-flags.js'
import {mannerOf, rolloutFlags} from '../../cli/workload-flags.js'
import {workloadNamesView} from '../../console/services.js'
import {oneServiceJson} from '../../ecs/services.js'
import {deleteDaemon} from '../../manager/daemons.js'

export default class DaemonDelete extends BaseCommand<typeof DaemonDelete> {
  static override summary = 'Delete a daemon.'
  static override description = 'One of which tasks run is refused, unless --force stops them.'
  static override examples = ['<%= config.bin %> <%= command.id %> agent', '<%= config.bin %> <%= command.id %> agent --force --yes']
  static override args = daemonArgs
  static override flags = {...rolloutFlags, force: Flags.boolean({description: 'Stop its tasks.'})}

  async run() {
    const deleted = await deleteDaemon(this.world, {...mannerOf(this.flags), force: this.flags.force, name: this.args.name})
    return this.answer(deleted, workloadNamesView, oneServiceJson)
  }
}
