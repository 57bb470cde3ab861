import {Args} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {formatFlag, readDefinition, tagFlag} from '../../cli/definition-files.js'
import {planFlags} from '../../cli/flags.js'
import {definitionIdsView} from '../../console/definitions.js'
import {describedDefinitionJson} from '../../ecs/task-definitions.js'
import {registerDefinition} from '../../manager/definitions.js'

export default class TaskDefinitionRegister extends BaseCommand<typeof TaskDefinitionRegister> {
  static override summary = 'Register a task definition from a file: ECS JSON, unchanged, or the same in YAML.'
  static override description =
    'Every fault of the file is told at once. What means something else here than on AWS is told in notes. Each registration is a revision of its own.'
  static override aliases = ['taskdef:register', 'task-definitions:register']
  static override examples = [
    '<%= config.bin %> <%= command.id %> web.json',
    '<%= config.bin %> <%= command.id %> web.yaml --tag team=web --dry-run',
    'aws ecs describe-task-definition --task-definition web | <%= config.bin %> <%= command.id %> -',
  ]
  static override args = {file: Args.string({description: 'File of the definition; - for standard input.', required: true})}
  static override flags = {...planFlags, format: formatFlag(), tag: tagFlag()}

  async run() {
    const {'dry-run': dryRun, format, tag = []} = this.flags
    const file = await readDefinition(this.args.file, format)
    const registered = await registerDefinition(this.world, {dryRun, file, tags: tag.flat()})
    return this.answer(registered, definitionIdsView, ({definitions: [definition], notes}) =>
      definition ? describedDefinitionJson(definition, notes) : {},
    )
  }
}
