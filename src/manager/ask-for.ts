// Words that a person left out, asked for where somebody is at a terminal.
import {InvalidInputError} from '../errors.js'
import {compareText, type State} from '../model/state.js'
import type {World} from '../world/world.js'

/** A family with an active revision, as the person chooses. Throws `missing` of the first families there are, where there is none or nobody to ask. */
export async function askForFamily(
  {person}: World,
  state: State,
  missing: (families: readonly string[]) => InvalidInputError,
): Promise<string> {
  const active = Object.values(state.definitions).filter(({status}) => status === 'ACTIVE')
  const families = [...new Set(active.map(({family}) => family))].sort(compareText)
  if (families.length === 0 || !person.present) throw missing(families)
  return person.choose(
    'Which task definition?',
    families.map((family) => ({value: family, name: family})),
    'TASK-DEFINITION',
  )
}

/** What a service is made of at least. Throws `InvalidInputError` `MissingArgument` where nobody can be asked for what is missing. */
export async function askForService(
  world: World,
  state: State,
  said: {readonly name: string | undefined; readonly taskDefinition: string | undefined},
): Promise<{readonly name: string; readonly taskDefinition: string}> {
  const example = (family: string) => `berth service create ${said.name ?? 'web'} --task-definition ${family}`
  const missing = (what: string, families: readonly string[]) =>
    new InvalidInputError('MissingArgument', `"berth service create" cannot begin: ${what}.`, {
      suggestions: [example(said.taskDefinition ?? families[0] ?? 'FAMILY'), 'berth service create --help'],
    })
  if (said.name === undefined && !world.person.present) throw missing('no service is named', [])
  const taskDefinition =
    said.taskDefinition ??
    (await askForFamily(world, state, (families) =>
      missing(
        families.length === 0 ? 'no task definition is registered' : 'no task definition is named: say --task-definition NAME',
        families,
      ),
    ))
  return {name: said.name ?? (await world.person.ask('Name of the service:', 'NAME')), taskDefinition}
}
