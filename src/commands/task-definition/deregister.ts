import {BaseCommand} from '../../cli/base-command.js'
import {definitionArgs} from '../../cli/definition-files.js'
import {planFlags} from '../../cli/flags.js'
import {definitionIdsView} from '../../console/definitions.js'
import {describedDefinitionsJson} from '../../ecs/task-definitions.js'
import {deregisterDefinitions} from '../../manager/definitions.js'

export default class TaskDefinitionDeregister extends BaseCommand<typeof TaskDefinitionDeregister> {
  static override summary = 'Let no new task run revisions of task definitions; tasks that run go on.'
  static override aliases = ['taskdef:deregister', 'task-definitions:deregister']
  static override examples = ['<%= config.bin %> <%= command.id %> web:3', '<%= config.bin %> <%= command.id %> web:1 web:2 --dry-run']
  static override args = definitionArgs
  static override flags = planFlags
  static override strict = false

  async run() {
    const deregistered = await deregisterDefinitions(this.world, {dryRun: this.flags['dry-run'], texts: this.named})
    return this.answer(deregistered, definitionIdsView, describedDefinitionsJson)
  }
}
