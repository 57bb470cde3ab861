// Programs run inside a task.
import {InvalidInputError} from '../errors.js'
import type {NameValue} from '../model/container-definition.js'
import type {ExecSession} from '../world/engine.js'
import type {World} from '../world/world.js'
import {findTarget, runningTarget, type TargetWanted} from './task-target.js'

export interface ExecWanted extends TargetWanted {
  readonly command: readonly string[]
  readonly environment: readonly NameValue[]
  readonly stdin: boolean
  readonly tty: boolean
  readonly user: string | undefined
  readonly workingDirectory: string | undefined
}

/** A program that has begun inside the running task. Throws `TaskNotFound`, `ContainerNotFound`, `TaskNotRunning`, `UnreachableError`s. */
export async function execInTask(world: World, wanted: ExecWanted): Promise<ExecSession> {
  const {command, environment, stdin, tty, user, workingDirectory} = wanted
  if (command.length === 0)
    throw new InvalidInputError('MissingArgument', 'Say after -- what to run in the task.', {
      suggestions: [`berth task exec ${wanted.task} -it -- sh`],
    })
  const target = await findTarget(world, wanted)
  const {engine} = await runningTarget(world, target)
  const options = {
    command,
    environment,
    stdin,
    tty,
    ...(user === undefined ? {} : {user}),
    ...(workingDirectory === undefined ? {} : {workingDirectory}),
  }
  return engine.exec(target.container.containerName, options, world.signal)
}
