import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {definitionArgs} from '../../cli/definition-files.js'
import {registrationJson} from '../../ecs/task-definitions.js'
import {exportDefinition} from '../../manager/definition-exchange.js'

export default class TaskDefinitionExport extends BaseCommand<typeof TaskDefinitionExport> {
  static override summary = 'Print a task definition as aws ecs register-task-definition takes it.'
  static override aliases = ['taskdef:export', 'task-definitions:export']
  static override examples = [
    '<%= config.bin %> <%= command.id %> web > web.json',
    '<%= config.bin %> <%= command.id %> web:3 --format yaml',
    'aws ecs register-task-definition --cli-input-json "$(<%= config.bin %> <%= command.id %> web)"',
  ]
  static override args = definitionArgs
  static override flags = {
    format: Flags.option({default: 'json' as const, description: 'How to print it.', options: ['json', 'yaml'] as const})(),
  }

  async run() {
    const text = this.args['task-definition']
    const exported = await exportDefinition(this.world, {format: this.flags.format, json: registrationJson, text})
    return this.tell(
      exported,
      ({definition, text}) => ({ids: [definition.id], text}),
      ({definition}) => registrationJson(definition),
    )
  }
}
