// The state carried to another store: from a file to an etcd, and back.
import type {World} from '../world/world.js'
import {isDestructive} from '../model/plan.js'
import {planMigrate} from '../scheduling/migrate.js'
import type {Done} from './done.js'

export interface Migrated {
  readonly from: string
  /** Where it lies now too. */
  readonly location: string
  readonly revision: number
}

/**
 * After it the newest state lies at `to` too, its lineage and revision kept; the one it was copied from is as it was. Throws `InvalidState`, `ForeignState`, `StateNewer`
 * and `DeclinedError`.
 */
export async function migrateState(world: World, {dryRun, to}: {readonly to: string; readonly dryRun: boolean}): Promise<Done<Migrated>> {
  const target = world.openStore(to)
  try {
    const {state} = await world.store.read()
    const plan = planMigrate((await target.read()).state, state, target.location)
    if (dryRun) return {dryRun, plan}
    if (isDestructive(plan)) await world.person.confirm(plan, 'Put it in place of what lies there?')
    await target.adopt({...world.why, because: `copied from ${world.store.location}`}, state)
    return {dryRun, plan, value: {from: world.store.location, location: target.location, revision: state.revision}}
  } finally {
    await target.close()
  }
}
