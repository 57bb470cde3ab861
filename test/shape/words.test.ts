// What a person is told: help for every command, every exit code in the README.
import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {EXIT_CODES} from '../../src/errors.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

interface Words {
  readonly description?: string
}

interface Manifest {
  readonly commands: Readonly<
    Record<
      string,
      {readonly args: Record<string, Words>; readonly examples?: string[]; readonly flags: Record<string, Words>; readonly summary?: string}
    >
  >
}

describe('the help', () => {
  let commands: Manifest['commands'] = {}

  before(async () => {
    const manifest = JSON.parse(await readFile(`${ROOT}oclif.manifest.json`, 'utf8')) as Manifest
    commands = Object.fromEntries(Object.entries(manifest.commands).filter(([id]) => id !== 'help'))
  })

  it('says of every command what it does, in a sentence, with an example', () => {
    for (const [id, command] of Object.entries(commands)) {
      expect(command.summary, id).to.match(/^[A-Z].*\.$/)
      expect(command.examples, id).to.have.length.greaterThan(0)
    }
  })

  it('says of every argument and flag what it is', () => {
    for (const [id, command] of Object.entries(commands)) {
      for (const [name, words] of Object.entries({...command.args, ...command.flags}))
        expect(words.description, `${id} ${name}`).to.match(/^[A-Z].*[.]$/s)
    }
  })

  it('names every noun as a topic', async () => {
    const {oclif} = JSON.parse(await readFile(`${ROOT}package.json`, 'utf8')) as {oclif: {topics: Record<string, Words>}}
    const nounsOf = (id: string) => {
      const words = id.split(':').slice(0, -1)
      return words.map((_, index) => words.slice(0, index + 1).join(':'))
    }
    const nouns = [...new Set(Object.keys(commands).flatMap(nounsOf))].sort()

    expect(Object.keys(oclif.topics).sort()).to.deep.equal(nouns)
  })
})

describe('the README', () => {
  it('documents every exit code', async () => {
    const readme = await readFile(`${ROOT}README.md`, 'utf8')

    for (const {code, meaning} of EXIT_CODES)
      expect(readme, String(code))
        .to.match(new RegExp(`\\| ${code} \\|`))
        .and.include(meaning)
  })
})
