// The state carried to another store: from a file to an etcd, and back.
import {ConflictError, KnownError} from '../errors.js'
import type {State} from '../model/state.js'
import {goneOnOtherwise} from '../model/state-adoption.js'
import {recordsChanged} from '../model/state-changes.js'
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
 * After it the newest state lies at `to` too, its lineage and revision kept; the one it was copied from is as it was. Throws `InvalidState`, `ForeignState`, `StateNewer`,
 * `CommandUnderWay` and `DeclinedError`.
 */
export async function migrateState(world: World, {dryRun, to}: {readonly to: string; readonly dryRun: boolean}): Promise<Done<Migrated>> {
  const target = world.openStore(to)
  try {
    const {state} = await world.store.read()
    const {state: there} = await target.read()
    const plan = planMigrate(there, state, target.location)
    refuseUnderWay(world, state)
    await refuseOtherWay(world, state, there, target.location)
    if (dryRun) return {dryRun, plan}
    if (isDestructive(plan)) await world.person.confirm(plan, 'Put it in place of what lies there?')
    await target.adopt({...world.why, because: `copied from ${world.store.location}`}, state)
    return {dryRun, plan, value: {from: world.store.location, location: target.location, revision: state.revision}}
  } finally {
    await target.close()
  }
}

/** What a living client has begun it records where it began: on the other side it would be taken for dead, and its work taken over. */
function refuseUnderWay({clients}: World, {intents}: State): void {
  const one = Object.values(intents).find(({client}) => clients.isAlive(client))
  if (one)
    throw new ConflictError(
      'CommandUnderWay',
      `A "berth ${one.command}" of ${one.by} is under way since ${one.begunAt}: wait until it has ended.`,
      {
        suggestions: ['berth state history --limit 5'],
      },
    )
}

/** What lies there must be what this state once was, as far as that is kept. */
async function refuseOtherWay({store}: World, state: State, there: State, location: string): Promise<void> {
  if (there.revision === 0 || there.revision >= state.revision) return
  const then = await store.at(there.revision).catch((error: unknown) => {
    if (error instanceof KnownError) return undefined
    throw error
  })
  if (then && recordsChanged(then, there).length > 0) throw goneOnOtherwise(there, location)
}
