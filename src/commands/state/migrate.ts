import {Flags} from '@oclif/core'
import {BaseCommand} from '../../cli/base-command.js'
import {planFlags} from '../../cli/flags.js'
import {migratedView} from '../../console/state.js'
import {migrateState} from '../../manager/migrate.js'

export default class StateMigrate extends BaseCommand<typeof StateMigrate> {
  static override summary = 'Copy the state to another file or to an etcd, with its lineage and revision.'
  static override description =
    'The target must be empty, or hold an earlier revision of the same state. The state that is copied stays as it is; its history, and what lies beside it on this machine, stay with it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --to etcd://etcd1:2379,etcd2:2379,etcd3:2379/berth --dry-run',
    '<%= config.bin %> <%= command.id %> --to etcd://etcd1:2379,etcd2:2379,etcd3:2379/berth',
    '<%= config.bin %> <%= command.id %> --state etcd://etcd1:2379/berth --to ./state.json',
  ]
  static override flags = {
    ...planFlags,
    to: Flags.string({description: 'Path of a file, or etcd://HOST:PORT,HOST:PORT/PREFIX.', helpValue: 'LOCATION', required: true}),
  }

  async run() {
    const {'dry-run': dryRun, to} = this.flags
    return this.answer(await migrateState(this.world, {dryRun, to}), migratedView, (value) => value)
  }
}
