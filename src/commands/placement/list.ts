import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {cluster} from '../../cli/flags.js'
import {placementsView} from '../../console/explanations.js'
import {listPlacements} from '../../manager/kept-placements.js'

export default class PlacementList extends BaseCommand<typeof PlacementList> {
  static override summary =
    'List placements of runs, services and daemons, the newest first: what was placed, what was refused, and what decided.'
  static override description =
    'Of runs the newest thousand are kept; what services and daemons had started is told as far as the history of the state goes back. "placement explain --run" tells more of one.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --refused']
  static override flags = {
    cluster,
    refused: Flags.boolean({description: 'Only runs of which a task found no place.'}),
  }

  async run() {
    const found = await listPlacements(this.world, this.flags)
    return this.tell(
      found,
      (them) => placementsView(them, this.world.clock.now()),
      (placements) => ({placements}),
    )
  }
}
