import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {planFlags} from '../../cli/flags.js'
import {resumedView} from '../../console/state.js'
import {resumeIntents} from '../../manager/resume.js'

export default class StateResume extends BaseCommand<typeof StateResume> {
  static override summary = 'Finish what commands that died in the middle had begun on hosts.'
  static override description =
    'The same words typed again do so too. With --abort tasks that were about to start are taken back; what was to stop or to go is finished all the same. A start that needs secrets or files of the dead command is always taken back.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --abort',
  ]
  static override flags = {
    'dry-run': planFlags['dry-run'],
    'wait-lock': planFlags['wait-lock'],
    abort: Flags.boolean({description: 'Take back tasks that were about to start.'}),
  }

  async run() {
    const resumed = await resumeIntents(this.world, {abort: this.flags.abort, dryRun: this.flags['dry-run']})
    return this.tell(resumed, resumedView, (them) => ({resumed: them.map(({intent: {typed: _, ...intent}, undone}) => ({intent, undone}))}))
  }
}
