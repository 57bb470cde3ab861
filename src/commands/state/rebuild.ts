import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {planFlags} from '../../cli/flags.js'
import {tlsFiles, tlsFlags} from '../../cli/instance-flags.js'
import {rebuiltView} from '../../console/state.js'
import {rebuildState} from '../../manager/rebuild.js'

export default class StateRebuild extends BaseCommand<typeof StateRebuild> {
  static override summary = 'Make the state anew from what the hosts bear.'
  static override description = [
    'Hosts keep what is needed for it: their marks, records of clusters, instances and task definitions, and the labels of their containers. What the state knows already stays; what is gone from the hosts is not told.',
    'A state that cannot be read is first made anew of what is whole of it, or begun again; the damaged files are kept.',
  ].join('\n')
  static override examples = [
    '<%= config.bin %> <%= command.id %> --hosts ssh://deploy@web1.example,ssh://deploy@db1.example',
    '<%= config.bin %> <%= command.id %> --dry-run',
  ]
  static override flags = {
    ...planFlags,
    ...tlsFlags,
    hosts: Flags.string({
      delimiter: ',',
      description: 'Hosts to ask, as instance join takes them; default: those of the instances that the state knows.',
      helpValue: 'HOST,...',
      multiple: true,
    }),
  }

  async run() {
    const {'dry-run': dryRun, hosts = []} = this.flags
    const rebuilt = await rebuildState(this.world, {dryRun, hosts, tls: tlsFiles(this.flags)})
    return this.answer(rebuilt, rebuiltView, ({notes, records, revision}) => ({notes, records, revision}))
  }
}
