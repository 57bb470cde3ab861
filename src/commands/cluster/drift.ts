import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {driftAnswers} from '../../cli/drift-flags.js'
import {cluster, planFlags} from '../../cli/flags.js'
import {driftJson, driftView} from '../../console/drift.js'
import {clusterDrift, driftExitCode} from '../../manager/drift.js'

export default class ClusterDrift extends BaseCommand<typeof ClusterDrift> {
  static override summary = 'Find what differs between the state and the hosts of a cluster, and answer it.'
  static override description =
    'Told are containers that were removed, started or made anew by hand, limits, labels, ports, moved image tags, hosts that changed, and clocks. ' +
    'The look itself changes nothing; a host that does not answer is unknown, which is no drift. Exits with 11 when drift is found that nobody ignores. ' +
    'ID is any unique beginning of an id, or all: what is left and has the answer.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --revert 3f2a --dry-run',
    '<%= config.bin %> <%= command.id %> --adopt 9c01 --ignore all',
    "<%= config.bin %> <%= command.id %> --query 'drift[?kind==`removed`].id'",
  ]
  static override flags = {
    ...planFlags,
    ...driftAnswers,
    all: Flags.boolean({description: 'Show what is ignored too.'}),
    cluster,
  }

  async run() {
    const {adopt = [], all, cluster, 'dry-run': dryRun, heed = [], ignore = [], revert = []} = this.flags
    const drift = await clusterDrift(this.world, {adopt, cluster, dryRun, heed, ignore, revert})
    this.exitWith(driftExitCode(drift))
    return this.answer(drift, driftView(all), driftJson(all))
  }
}
