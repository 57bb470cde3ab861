// The hosts that a person's ssh configuration names, for offering them. What a name means is left to ssh itself.
import {readdir, readFile} from 'node:fs/promises'
import {basename, dirname, isAbsolute, join} from 'node:path'

/** Files that include files that include files: ssh itself stops at 16. */
const DEEPEST_INCLUDE = 16

/** The names behind `Host`, without patterns, in order and without duplicates. A file that cannot be read names none. */
export async function sshHosts(file: string, home: string): Promise<readonly string[]> {
  return [...new Set(await namesIn(file, home, 0))].sort()
}

async function namesIn(file: string, home: string, depth: number): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined || depth > DEEPEST_INCLUDE) return []
  const directives = await directivesOf(text)
  const own = directives.filter(({name}) => name === 'host').flatMap(({words}) => words.filter((word) => /^[^*?!]+$/.test(word)))
  const included = await Promise.all(
    directives.filter(({name}) => name === 'include').flatMap(({words}) => words.map((word) => filesLike(word, home))),
  )
  const theirs = await Promise.all(included.flat().map((path) => namesIn(path, home, depth + 1)))
  return [...own, ...theirs.flat()]
}

interface Directive {
  /** In small letters, as ssh compares them. */
  readonly name: string
  readonly words: readonly string[]
}

/** Every directive, those inside Host and Match sections too; none when the text is no configuration. */
async function directivesOf(text: string): Promise<readonly Directive[]> {
  const {default: SSHConfig, LineType} = await import('ssh-config')
  try {
    const lines = [...SSHConfig.parse(text)]
    const all = lines.flatMap((line) => ('config' in line ? [line, ...line.config] : [line]))
    return all.flatMap((line) => (line.type === LineType.DIRECTIVE ? [{name: line.param.toLowerCase(), words: wordsOf(line.value)}] : []))
  } catch {
    // ssh will say what is wrong with it when it is used; here it only offers no hosts.
    return []
  }
}

function wordsOf(value: string | readonly {readonly val: string}[]): readonly string[] {
  return typeof value === 'string' ? [value] : value.map(({val}) => val)
}

/** The files an Include means; wildcards are followed in the last part of the path. */
async function filesLike(word: string, home: string): Promise<readonly string[]> {
  const spelled = word.startsWith('~/') ? join(home, word.slice(2)) : word
  const path = isAbsolute(spelled) ? spelled : join(home, '.ssh', spelled)
  const pattern = basename(path)
  if (!/[*?]/.test(pattern)) return [path]
  const expression = new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  )
  const names = await readdir(dirname(path)).catch(() => [])
  return names.filter((name) => !name.startsWith('.') && expression.test(name)).map((name) => join(dirname(path), name))
}
