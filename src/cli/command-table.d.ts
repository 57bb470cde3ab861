// Written by the build from the files under src/commands: one entry a command, loaded when it is looked up.
import type {Command} from '@oclif/core'

/** Every command by its id, such as `task:run`. */
export declare const COMMANDS: Readonly<Record<string, Command.Class>>
