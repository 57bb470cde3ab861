import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {readText} from '../../cli/definition-files.js'
import {planFlags} from '../../cli/flags.js'
import {restoredView} from '../../console/state.js'
import {pushState} from '../../manager/state.js'

export default class StatePush extends BaseCommand<typeof StatePush> {
  static override summary = 'Put a state that was printed by "state show" in place of the one there is.'
  static override description = 'What it becomes is a new revision, so nothing is lost by it. What the hosts hold stays as it is.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> kept.json --dry-run',
    '<%= config.bin %> state show --state old.json | <%= config.bin %> <%= command.id %> - --any-lineage --yes',
  ]
  static override args = {file: Args.string({description: 'File of the state; - is standard input.', required: true})}
  static override flags = {
    ...planFlags,
    'any-lineage': Flags.boolean({description: 'Also one that did not come from this state.'}),
  }

  async run() {
    const {'any-lineage': anyLineage, 'dry-run': dryRun} = this.flags
    const text = await readText(this.args.file)
    return this.answer(await pushState(this.world, {anyLineage, dryRun, named: this.args.file, text}), restoredView, (value) => value)
  }
}
