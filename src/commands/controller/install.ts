import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {containerWanted, controllerFlags, placeFlags} from '../../cli/controller-flags.js'
import {planFlags} from '../../cli/flags.js'
import {containerJson, containerView, installedView} from '../../console/controllers.js'
import {installContainer} from '../../manager/controller-container.js'
import {installUnit} from '../../manager/controller-unit.js'

export default class ControllerInstall extends BaseCommand<typeof ControllerInstall> {
  static override summary = 'Have the controller kept running: by systemd here, or as a container on an instance.'
  static override description =
    'With --systemd: writes a unit and starts nothing, and tells what to type next; the unit runs this very program as you, on the state that is meant now. With --on: runs it as a container on an instance, from boot on. It logs in to hosts with the key of --identity alone, which has no passphrase, and trusts the hosts of --known-hosts alone; both go into a volume on that instance, and it asks before it puts them there. It tries the key on each host first; hosts that join later are known to it once this is typed again. The same words again change nothing; another program, key, host or word replaces the container.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --systemd --print',
    '<%= config.bin %> <%= command.id %> --systemd --user',
    '<%= config.bin %> <%= command.id %> --on web1 --identity controller-key --known-hosts ~/.ssh/known_hosts',
  ]
  static override flags = {
    ...controllerFlags,
    ...placeFlags,
    'dry-run': planFlags['dry-run'],
    identity: Flags.string({dependsOn: ['on'], description: 'The private key it logs in with; it has no passphrase.', helpValue: 'FILE'}),
    'known-hosts': Flags.string({dependsOn: ['on'], description: 'The hosts it trusts, as ssh keeps them.', helpValue: 'FILE'}),
    print: Flags.boolean({description: 'Print the unit, and write nothing.', exclusive: ['on']}),
  }

  async run() {
    const {'allow-client-secrets': allowClientSecrets, cluster, 'log-format': logFormat, metrics, on, print, user} = this.flags
    const words = {cluster, logFormat, ...(metrics === undefined ? {} : {metrics})}
    if (on !== undefined) {
      const made = await installContainer(this.world, containerWanted({...words, instance: on}, this.flags))
      return this.tell(made, containerView, containerJson)
    }
    const isPrinted = print || this.flags['dry-run']
    const unit = await installUnit(this.world, {...words, allowClientSecrets, print: isPrinted, scope: user ? 'user' : 'system'})
    return this.tell({...unit, print: isPrinted}, installedView, (told) => told)
  }
}
