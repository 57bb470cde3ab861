import {BaseCommand} from '../../../cli/base-command.js'
import {locksView} from '../../../console/state.js'
import {listLocks} from '../../../manager/state.js'

export default class StateLockList extends BaseCommand<typeof StateLockList> {
  static override summary = 'List the locks and leases of the state that stand now, with who holds them.'
  static override description =
    "A commit holds the lock for milliseconds. What a process that died has held is in nobody's way: the next who wants it takes it."
  static override examples = ['<%= config.bin %> <%= command.id %>']

  async run() {
    return this.tell(await listLocks(this.world), locksView, (locks) => ({locks}))
  }
}
