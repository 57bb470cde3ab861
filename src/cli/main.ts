// The way in: answers what needs no command at once, and loads oclif only for the rest.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'

// biome-ignore lint/performance/noBarrelFile: oclif finds the commands of a bundle by a name that its main file exports.
export {COMMANDS} from './command-table.js'

/** Runs the command line of `argv` (without node and script) and sets the exit code. `root` is the folder of our package.json. */
export async function main(argv: readonly string[], root: string): Promise<void> {
  endQuietlyWhenUnread()
  if (argv[0] === '--version') return printVersion(root)
  if (argv[0] === '__complete') {
    const {printCompletions} = await import('./completion.js')
    return printCompletions(argv.slice(1), root)
  }
  const {runProgram} = await import('./program.js')
  await runProgram([...argv], root)
}

function printVersion(root: string): void {
  const {name, version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {name: string; version: string}
  process.stdout.write(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`)
}

/** A reader that went away, as in `berth task list | head -1`, ends us as SIGPIPE ends other programs: without a word, 128 + 13. A closed stderr ends nothing. */
function endQuietlyWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(141)
    throw error
  })
  // Talk that nobody reads is no reason to break off a change half done.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}
