// The same world with some of it another: what is not asked for is not made.
import {SILENT_STAGES} from '../world/person.js'
import type {World} from '../world/world.js'

export function worldWith(world: World, other: Partial<World>): World {
  const properties = Object.fromEntries(Object.entries(other).map(([name, value]) => [name, {value}]))
  return Object.create(world, properties) as World
}

/** Without stages: for what goes on beside what a person is shown. */
export function quietWorld(world: World): World {
  const {reporter} = world
  const note = (text: string) => reporter.note(text)
  const outcome = (text: string) => reporter.outcome(text)
  return worldWith(world, {reporter: {note, outcome, stage: SILENT_STAGES, close: () => {}}})
}
