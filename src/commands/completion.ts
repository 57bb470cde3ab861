import {Args} from '@oclif/core'
import {BaseCommand} from '../cli/base-command.js'
import {COMPLETION_SCRIPTS} from '../cli/completion-scripts.js'

export default class Completion extends BaseCommand<typeof Completion> {
  static override summary = 'Print a script that completes berth commands, flags and live names in a shell.'
  static override description = 'Clusters, instances, families and tasks are completed from the state file; no host is asked.'
  static override examples = [
    'source <(<%= config.bin %> <%= command.id %> bash)',
    '<%= config.bin %> <%= command.id %> zsh > ~/.zfunc/_berth',
  ]
  static override args = {shell: Args.option({description: 'The shell.', options: ['bash', 'zsh'] as const})({required: true})}

  async run() {
    const script = COMPLETION_SCRIPTS[this.args.shell]
    this.log(script)
    return {script}
  }
}
