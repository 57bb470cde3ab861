import {BaseCommand} from '../../cli/base-command.js'
import {definitionArgs} from '../../cli/definition-files.js'
import {definitionDetailsView} from '../../console/definitions.js'
import {describedDefinitionsJson} from '../../ecs/task-definitions.js'
import {describeDefinitions} from '../../manager/definitions.js'

export default class TaskDefinitionDescribe extends BaseCommand<typeof TaskDefinitionDescribe> {
  static override summary = 'Show all of task definitions, and what of them means something else here than on AWS.'
  static override description = 'With --json one definition is told as DescribeTaskDefinition tells it, several as a list.'
  static override aliases = ['taskdef:describe', 'task-definitions:describe']
  static override examples = [
    '<%= config.bin %> <%= command.id %> web',
    '<%= config.bin %> <%= command.id %> web:3 --query taskDefinition.containerDefinitions',
  ]
  static override args = definitionArgs
  static override strict = false

  async run() {
    const found = await describeDefinitions(this.world, this.named)
    return this.tell(found, definitionDetailsView, describedDefinitionsJson)
  }
}
