// A lease of the state, and a word to the person who waits for it.
import {quoted} from '../model/names.js'
import type {Lease} from '../world/store.js'
import type {World} from '../world/world.js'

/** Who waits for longer is told for whom. */
const TOLD_AFTER_MS = 2000

/** The lease of that name, once it is free; after 2 s of waiting the person is told who holds it. Throws as `StateStore.lease`. */
export async function waitedLease(world: World, name: string, because: string): Promise<Lease> {
  const had = new AbortController()
  void tellLater(world, name, AbortSignal.any([had.signal, world.signal])).catch(() => {})
  try {
    return await world.store.lease(name, {...world.why, because}, world.signal)
  } finally {
    had.abort()
  }
}

/** What keeps it from being told is no matter: the waiting itself goes on, and fails where it must. */
async function tellLater(world: World, name: string, signal: AbortSignal): Promise<void> {
  await world.clock.sleep(TOLD_AFTER_MS, signal)
  const holder = (await world.store.locks()).find((lock) => lock.name === name)
  if (signal.aborted || holder?.pid === undefined) return
  world.reporter.note(
    `waiting for process ${holder.pid}, "berth ${holder.command}", which holds ${quoted(name)} since ${holder.since} (berth state lock list)`,
  )
}
