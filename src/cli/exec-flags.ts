// The words of commands that run a program inside a task.
import {Flags} from '@oclif/core'
import {cluster} from './flags.js'
import {environment} from './value-flags.js'

export const execFlags = {
  cluster,
  container: Flags.string({description: 'Container to run it in; default: the first essential one.', helpValue: 'NAME'}),
  env: environment(),
  interactive: Flags.boolean({char: 'i', description: 'Pass on what is typed.'}),
  tty: Flags.boolean({char: 't', description: 'Give the program a terminal.'}),
  user: Flags.string({description: 'User to run it as: user, user:group, uid, uid:gid.', helpValue: 'USER'}),
  workdir: Flags.string({description: 'Folder to run it in.', helpValue: 'PATH'}),
}
