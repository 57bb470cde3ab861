import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {definitionsView} from '../../console/definitions.js'
import {taskDefinitionsJson} from '../../ecs/task-definitions.js'
import {listDefinitions} from '../../manager/definitions.js'

export default class TaskDefinitionList extends BaseCommand<typeof TaskDefinitionList> {
  static override summary = 'List the revisions of task definitions, by family, the newest first.'
  static override aliases = ['taskdef:list', 'task-definitions:list']
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --family web --status ALL',
    "<%= config.bin %> <%= command.id %> --query 'taskDefinitions[].taskDefinitionArn'",
  ]
  static override flags = {
    family: Flags.string({description: 'Only of this family.', helpValue: 'FAMILY'}),
    'family-prefix': Flags.string({description: 'Only of families whose names begin so.', helpValue: 'TEXT'}),
    status: Flags.option({
      default: 'ACTIVE' as const,
      description: 'Only of this status; ALL: of any.',
      options: ['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS', 'ALL'] as const,
    })(),
  }

  async run() {
    const {family, 'family-prefix': familyPrefix, status} = this.flags
    const found = await listDefinitions(this.world, {family, familyPrefix, status})
    return this.tell(found, (all) => definitionsView(all, this.world.clock.now()), taskDefinitionsJson)
  }
}
