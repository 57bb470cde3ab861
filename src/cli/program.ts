// Finds the command that was typed and runs it by oclif, with our commands handed over as they are: no plugin is looked for.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {type Command, Config, type Interfaces, Plugin} from '@oclif/core'
import {Help, normalizeArgv} from '@oclif/core/help'
import {helpAddition} from '@oclif/core/run'
import {paintFor} from '../console/colours.js'
import {COMMANDS} from './command-table.js'
import {asFailure, type Failure, failureJson, failureText} from './failure.js'
import {wantsJson} from './json-wish.js'
import {unknownCommand} from './unknown-command.js'

/** oclif reads names, flags and help from the manifest; the command itself comes from our own table, out of this very bundle. */
class OwnPlugin extends Plugin {
  override async findCommand(id: string): Promise<Command.Class> {
    const command = COMMANDS[id]
    if (!command) throw new Error(`The manifest names ${id}, which is no command.`)
    command.id = id
    command.plugin = this
    return command
  }
}

/** Runs the command line and sets the exit code. Errors are told on stderr; none is thrown. */
export async function runProgram(argv: string[], root: string): Promise<void> {
  try {
    await runCommandLine(argv, await loadConfig(root))
  } catch (error) {
    tell(asFailure(error), wantsJson(argv))
  }
}

/** Errors of a command under `--json` are printed by the command; what comes here with it found no command. */
function tell(failure: Failure, json: boolean): void {
  process.exitCode = failure.exitCode
  if (json) process.stdout.write(`${JSON.stringify(failureJson(failure), undefined, 2)}\n`)
  else process.stderr.write(`${failureText(failure, process.env.DEBUG !== undefined, paintFor(process.stderr))}\n`)
}

async function loadConfig(root: string): Promise<Config> {
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Interfaces.PJSON
  const plugin = new OwnPlugin({isRoot: true, name: pjson.name, pjson, root})
  await plugin.load()
  return Config.load({pjson, plugins: new Map([[plugin.name, plugin]]), root})
}

async function runCommandLine(argv: string[], config: Config): Promise<void> {
  if (helpAddition(argv, config)) return showHelp(config, argv)
  const [id = '', ...words] = normalizeArgv(config, argv)
  const command = config.findCommand(id)
  if (command) {
    await config.runCommand(id, words, command)
    return
  }
  if (config.findTopic(id)) return showHelp(config, [id])
  throw unknownCommand(argv, config.commandIDs)
}

async function showHelp(config: Config, argv: string[]): Promise<void> {
  await new Help(config, config.pjson.oclif.helpOptions).showHelp(argv)
}
