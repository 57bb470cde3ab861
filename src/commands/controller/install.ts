import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {controllerFlags, unitFlags} from '../../cli/controller-flags.js'
import {installedView} from '../../console/controllers.js'
import {installUnit} from '../../manager/controller-unit.js'

export default class ControllerInstall extends BaseCommand<typeof ControllerInstall> {
  static override summary = 'Have systemd keep the controller running, from boot on.'
  static override description =
    'Writes a unit and starts nothing: it tells what to type next. The unit runs this very program as you, on the state that is meant now.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --systemd --print',
    '<%= config.bin %> <%= command.id %> --systemd --user',
  ]
  static override flags = {
    ...controllerFlags,
    ...unitFlags,
    print: Flags.boolean({description: 'Print the unit, and write nothing.'}),
  }

  async run() {
    const {'allow-client-secrets': allowClientSecrets, cluster, 'log-format': logFormat, metrics, print, user} = this.flags
    const wanted = {allowClientSecrets, cluster, logFormat, print, scope: user ? ('user' as const) : ('system' as const)}
    const unit = await installUnit(this.world, metrics === undefined ? wanted : {...wanted, metrics})
    return this.tell({...unit, print}, installedView, (told) => told)
  }
}
