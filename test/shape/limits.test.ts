// Files and functions stay small enough to be read at once.
import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import ts from 'typescript'

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url))
const MOST_LINES = 250
const MOST_FUNCTION_LINES = 40
const MOST_COMMAND_LINES = 60
const MOST_RUN_LINES = 12

interface Measured {
  readonly what: string
  readonly lines: number
}

function linesOf(node: ts.Node, file: ts.SourceFile): number {
  return file.getLineAndCharacterOfPosition(node.getEnd()).line - file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1
}

/** Every function and method with a body, and its lines. */
function functionsOf(file: ts.SourceFile): readonly Measured[] {
  const found: Measured[] = []
  const visit = (node: ts.Node) => {
    if (
      (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isArrowFunction(node) || ts.isConstructorDeclaration(node)) &&
      node.body
    ) {
      const name = 'name' in node && node.name ? (node.name as ts.Node).getText(file) : 'anonymous'
      found.push({lines: linesOf(node, file), what: name})
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

describe('the sources', () => {
  let files: readonly {readonly name: string; readonly parsed: ts.SourceFile; readonly lines: number}[] = []

  before(async () => {
    const names = (await readdir(SOURCES, {recursive: true})).filter((name) => name.endsWith('.ts'))
    files = await Promise.all(
      names.sort().map(async (name) => {
        const text = await readFile(join(SOURCES, name), 'utf8')
        return {lines: text.trimEnd().split('\n').length, name, parsed: ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true)}
      }),
    )
  })

  const sources = () => files.filter(({name}) => !name.endsWith('.test.ts'))
  const commands = () => files.filter(({name}) => name.startsWith('commands/'))

  it(`have at most ${MOST_LINES} lines a file`, () => {
    expect(
      sources()
        .filter(({lines}) => lines > MOST_LINES)
        .map(({lines, name}) => `${name}: ${lines}`),
    ).to.deep.equal([])
  })

  it(`have at most ${MOST_FUNCTION_LINES} lines a function`, () => {
    const long = sources().flatMap(({name, parsed}) =>
      functionsOf(parsed)
        .filter(({lines}) => lines > MOST_FUNCTION_LINES)
        .map(({lines, what}) => `${name} ${what}: ${lines}`),
    )
    expect(long).to.deep.equal([])
  })

  it(`have at most ${MOST_COMMAND_LINES} lines a command, and ${MOST_RUN_LINES} in its run()`, () => {
    const long = commands().flatMap(({lines, name, parsed}) => [
      ...(lines > MOST_COMMAND_LINES ? [`${name}: ${lines}`] : []),
      ...functionsOf(parsed)
        .filter((one) => one.what === 'run' && one.lines > MOST_RUN_LINES)
        .map((one) => `${name} run(): ${one.lines}`),
    ])
    expect(long).to.deep.equal([])
  })

  it('make no deadline of a signal that a collection of garbage may take away: `within` does not', () => {
    const lost = sources().filter(
      ({name, parsed}) => name !== 'world/deadline.ts' && /AbortSignal\.any\([^)]*AbortSignal\.timeout/.test(parsed.text),
    )
    expect(lost.map(({name}) => name)).to.deep.equal([])
  })

  it('open with a line that says what they are for, but commands, whose summary does', () => {
    const mute = sources().filter(({name, parsed}) => !name.startsWith('commands/') && !parsed.text.startsWith('// '))
    expect(mute.map(({name}) => name)).to.deep.equal([])
  })
})
