import {BaseCommand} from '../../cli/base-command.js'
import {definitionArgs} from '../../cli/definition-files.js'
import {planFlags} from '../../cli/flags.js'
import {definitionIdsView} from '../../console/definitions.js'
import {taskDefinitionsJson} from '../../ecs/task-definitions.js'
import {deleteDefinitions} from '../../manager/definitions.js'

export default class TaskDefinitionDelete extends BaseCommand<typeof TaskDefinitionDelete> {
  static override summary = 'Delete INACTIVE revisions of task definitions for ever.'
  static override description = 'One that tasks still refer to goes as soon as none does. A number is never given again.'
  static override aliases = ['taskdef:delete', 'task-definitions:delete']
  static override examples = ['<%= config.bin %> <%= command.id %> web:3', '<%= config.bin %> <%= command.id %> web:1 web:2 --yes']
  static override args = definitionArgs
  static override flags = planFlags
  static override strict = false

  async run() {
    const deleted = await deleteDefinitions(this.world, {dryRun: this.flags['dry-run'], texts: this.named})
    return this.answer(deleted, definitionIdsView, taskDefinitionsJson)
  }
}
