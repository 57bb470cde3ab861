import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {formatFlag, readSide} from '../../cli/definition-files.js'
import {differencesView} from '../../console/definitions.js'
import {diffDefinitions} from '../../manager/definition-exchange.js'

const SIDE = 'family:revision, a family, or a file; what has a dot or a slash is a file.'

export default class TaskDefinitionDiff extends BaseCommand<typeof TaskDefinitionDiff> {
  static override summary = 'Show what differs between two task definitions, place by place.'
  static override aliases = ['taskdef:diff', 'task-definitions:diff']
  static override examples = [
    '<%= config.bin %> <%= command.id %> web:3 web:4',
    '<%= config.bin %> <%= command.id %> web ./web.json --exit-code',
  ]
  static override args = {
    from: Args.string({description: `The one before: ${SIDE}`, required: true}),
    to: Args.string({description: `The one after: ${SIDE}`, required: true}),
  }
  static override flags = {'exit-code': Flags.boolean({description: 'Exit with 11 when they differ.'}), format: formatFlag()}

  async run() {
    const [from, to] = await Promise.all([this.args.from, this.args.to].map((side) => readSide(side, this.flags.format)))
    const differences = await diffDefinitions(this.world, {from: from ?? '', to: to ?? ''})
    this.exitWith(this.flags['exit-code'] && differences.length > 0 ? 11 : 0)
    return this.tell(differences, differencesView, (all) => ({differences: all}))
  }
}
