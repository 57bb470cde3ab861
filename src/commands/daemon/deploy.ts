import {BaseCommand} from '../../cli/base-command.js'
import {daemonWanted, deployArgs, deployFlags} from '../../cli/daemon-flags.js'
import {readSide} from '../../cli/definition-files.js'
import {workloadNamesView} from '../../console/services.js'
import {oneServiceJson} from '../../ecs/services.js'
import {deployDaemon} from '../../manager/daemons.js'

export default class DaemonDeploy extends BaseCommand<typeof DaemonDeploy> {
  static override summary = 'Run exactly one task of a definition on each instance that meets the constraints.'
  static override description = [
    'A file is registered where no revision of its family says the same. A daemon of that name that is there already is updated.',
    'Instances that join later get it at once; those that drain lose it last. Its resources come before those of services.',
  ].join('\n')
  static override examples = [
    '<%= config.bin %> <%= command.id %> agent.json',
    '<%= config.bin %> <%= command.id %> agent:4 --minimum-healthy-percent 50',
    "<%= config.bin %> <%= command.id %> agent.json --name gpu-agent --placement-constraint 'memberOf:attribute:gpu exists' --dry-run",
  ]
  static override args = deployArgs
  static override flags = deployFlags

  async run() {
    const definition = await readSide(this.args.definition, this.flags.format)
    const deployed = await deployDaemon(this.world, daemonWanted(this.flags, {definition, isUpdate: false, name: this.flags.name}))
    return this.answer(deployed, workloadNamesView, oneServiceJson)
  }
}
