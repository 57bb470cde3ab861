import {BaseCommand} from '../../cli/base-command.js'
import {stateLocationView} from '../../console/state.js'

export default class StatePath extends BaseCommand<typeof StatePath> {
  static override summary = 'Print where the state lies.'
  static override description = 'Beside a file lie its journal (.journal), its history (.history), and the folders tasks/ and placements/.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  async run() {
    const {location} = this.world.store
    return this.tell(location, stateLocationView, (path) => ({path}))
  }
}
