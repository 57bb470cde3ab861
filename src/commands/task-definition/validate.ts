import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {formatFlag, readDefinition} from '../../cli/definition-files.js'
import {checksView} from '../../console/definitions.js'
import {refuseFaulty, validateDefinitions} from '../../manager/definition-checks.js'

export default class TaskDefinitionValidate extends BaseCommand<typeof TaskDefinitionValidate> {
  static override summary = 'Check task definitions as registering does, and register nothing; exits with 2 on any fault.'
  static override description = 'Asks no host and needs no cluster: for CI.'
  static override aliases = ['taskdef:validate', 'task-definitions:validate']
  static override examples = ['<%= config.bin %> <%= command.id %> web.json db.yaml', '<%= config.bin %> <%= command.id %> - < web.json']
  static override args = {
    file: Args.string({description: 'File of a definition, - for standard input; several may be given.', required: true}),
  }
  static override flags = {format: formatFlag()}
  static override strict = false

  async run() {
    const files = await Promise.all(this.named.map((file) => readDefinition(file, this.flags.format)))
    const checked = refuseFaulty(await validateDefinitions(files))
    return this.tell(checked, checksView, (files) => ({files: files.map(({file, notes}) => ({file, valid: true, faults: [], notes}))}))
  }
}
