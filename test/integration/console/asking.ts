// A program that asks: run by person.test.ts on a terminal of its own. Prints on stdout what came of it.
import {TerminalPerson} from '../../../src/console/person.js'
import {KnownError} from '../../../src/errors.js'

const [what, ...flags] = process.argv.slice(2)
const person = new TerminalPerson(process, {typed: ['cluster', 'delete', 'prod'], yes: flags.includes('--yes')})

async function outcome(): Promise<string> {
  if (what === 'choose') {
    const choices = [
      {name: 'the first', value: 'first'},
      {name: 'the second', value: 'second'},
    ]
    return `chose ${await person.choose('Which one?', choices, 'HOST')}`
  }
  if (what === 'ask') return `typed ${await person.ask('What name?', 'NAME')}`
  if (what === 'allow') {
    await person.allow('It wants to run pass show db. Allow it?', '--allow-client-secrets')
    return 'allowed'
  }
  await person.confirm({actions: [], notes: [{said: 'all of it goes'}], refusals: []}, 'Carry it out?')
  return 'confirmed'
}

outcome().then(
  (text) => process.stdout.write(`${text}\n`),
  (error: unknown) => {
    process.stdout.write(error instanceof KnownError ? `${error.name} ${error.code} ${error.exitCode}\n` : `unknown: ${String(error)}\n`)
  },
)
