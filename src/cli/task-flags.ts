// Words that commands on tasks share.
import {Args} from '@oclif/core'

/** One task or more: the others follow the first, which is why these commands take words freely. */
export const taskArgs = {task: Args.string({description: 'ARN, id or a unique beginning of it; several may be given.', required: true})}
