// The parts of README.md that are written from the code: between their markers stands what these functions say, and nothing else.
import type {EXIT_CODES} from '../../../src/errors.js'

/** A command as oclif.manifest.json tells it. */
interface CommandWords {
  readonly args: Readonly<Record<string, {readonly name: string; readonly required?: boolean}>>
  readonly flags: Readonly<
    Record<
      string,
      {
        readonly char?: string
        readonly description: string
        readonly helpGroup?: string
        readonly helpValue?: string
        readonly hidden?: boolean
      }
    >
  >
  readonly strict?: boolean
  readonly summary?: string
}

/** oclif.manifest.json, as far as the README tells of it. */
export interface Manifest {
  readonly commands: Readonly<Record<string, CommandWords>>
}

/** Text by the name of its markers. */
export type Sections = Readonly<Record<string, string>>

/** What stands between the markers, made from the manifest and the families of errors. */
export function sectionsOf(manifest: Manifest, exitCodes: typeof EXIT_CODES): Sections {
  return {commands: commandsSection(manifest), 'exit codes': exitCodesSection(exitCodes)}
}

/**
 * The README with these sections between their markers, `<!-- NAME -->` and `<!-- end of NAME -->`; all else is as it was.
 * Throws when a section's markers are not there.
 */
export function refreshed(readme: string, sections: Sections): string {
  return Object.entries(sections).reduce((text, [name, section]) => {
    const [before, rest] = cut(text, `<!-- ${name} -->\n`)
    const [, after] = cut(rest, `<!-- end of ${name} -->`)
    return `${before}<!-- ${name} -->\n${section}\n<!-- end of ${name} -->${after}`
  }, readme)
}

function cut(text: string, marker: string): readonly [before: string, after: string] {
  const at = text.indexOf(marker)
  if (at < 0) throw new Error(`README.md has no line "${marker.trim()}".`)
  return [text.slice(0, at), text.slice(at + marker.length)]
}

/** A table a noun, in the order of the manifest; then the flags that all commands share. `help` explains itself. */
function commandsSection({commands}: Manifest): string {
  const shown = Object.entries(commands).filter(([id]) => id !== 'help')
  const nouns = [...new Set(shown.map(([id]) => nounOf(id)))]
  const tables = nouns.map((noun) => {
    const rows = shown.filter(([id]) => nounOf(id) === noun).map(commandRow)
    return [`### ${noun}`, '', '| command | what it does | its flags |', '| --- | --- | --- |', ...rows].join('\n')
  })
  return [...tables, sharedFlags(shown)].join('\n\n')
}

function nounOf(id: string): string {
  return id.split(':')[0] ?? id
}

function commandRow([id, {args, flags, strict, summary}]: readonly [string, CommandWords]): string {
  const many = strict === false ? '...' : ''
  const words = Object.values(args).map(({name, required}) => (required ? `${name.toUpperCase()}${many}` : `[${name.toUpperCase()}]`))
  const own = Object.entries(flags).filter(([, flag]) => !flag.hidden && flag.helpGroup === undefined)
  const names = own.map(([name, {char}]) => `\`${char === undefined ? '' : `-${char}/`}--${name}\``)
  return `| \`${['berth', ...id.split(':'), ...words].join(' ')}\` | ${summary} | ${names.join(' ')} |`
}

/** The flags in groups of help; of one that some commands do not take it says which. */
function sharedFlags(commands: readonly (readonly [string, CommandWords])[]): string {
  const shared = new Map(commands.flatMap(([, {flags}]) => Object.entries(flags).filter(([, flag]) => flag.helpGroup !== undefined)))
  const rows = [...shared].map(([name, {char, description, helpValue}]) => {
    const words = [...(char === undefined ? [] : [`-${char}`]), `--${name}${helpValue === undefined ? '' : `=${helpValue}`}`]
    const without = commands.filter(([, {flags}]) => flags[name] === undefined).map(([id]) => `\`${id.replaceAll(':', ' ')}\``)
    const exception = without.length === 0 ? '' : ` Not on ${without.join(', ')}.`
    return `| ${words.map((word) => `\`${word}\``).join(', ')} | ${description}${exception} |`
  })
  return ['### On every command', '', '| flag | what it does |', '| --- | --- |', ...rows].join('\n')
}

function exitCodesSection(exitCodes: typeof EXIT_CODES): string {
  const rows = exitCodes.map(({code, meaning}) => `| ${code} | ${meaning} |`)
  return ['| exit code | meaning |', '| --- | --- |', ...rows].join('\n')
}
