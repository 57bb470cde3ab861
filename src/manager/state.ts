// Use cases of the state itself: its revisions, what changed between them, the way back, and who holds its locks.
import {ConflictError, InvalidInputError, NotFoundError, StateError} from '../errors.js'
import {quoted, shellWord} from '../model/names.js'
import type {Plan} from '../model/plan.js'
import type {State} from '../model/state.js'
import {parseState} from '../model/state-text.js'
import {type RecordChange, recordsChanged} from '../model/state-changes.js'
import {planRestore} from '../scheduling/restore.js'
import type {Change, StateLock} from '../world/store.js'
import type {World} from '../world/world.js'
import {type Done, done} from './done.js'
import {settle} from './settle.js'

/** The commits that are kept, the newest first, at most so many. */
export async function stateHistory({store}: World, limit: number | undefined): Promise<readonly Change[]> {
  return [...(await store.history())].reverse().slice(0, limit)
}

export interface StateDiff {
  readonly before: State
  readonly after: State
  readonly records: readonly RecordChange[]
}

/** What became of the records between two revisions, `newest` being one too. Throws `InvalidRevision` and `RevisionNotKept`. */
export async function diffState(world: World, from: string, to: string): Promise<StateDiff> {
  const [before, after] = await Promise.all([stateOf(world, from), stateOf(world, to)])
  return {before, after, records: recordsChanged(before, after)}
}

/** The state at that revision, `newest` being one too. Throws as `diffState`. */
export async function stateOf({store}: World, text: string): Promise<State> {
  const revision = parseRevision(text)
  return revision === 'newest' ? (await store.read()).state : store.at(revision)
}

export interface Restored {
  /** The revision that the state became again. */
  readonly from: number
  /** The revision that it has now. */
  readonly revision: number
}

/**
 * After it the state is as it was at that revision, as a new one: nothing of the history is lost, and nothing on the hosts changes. Where the state cannot be
 * read, it is made anew of what is whole of its files. Throws `InvalidRevision`, `RevisionNotKept`, `DeclinedError`, and `StateLost` where nothing is.
 */
export async function restoreState(
  world: World,
  {dryRun, revision: text}: {readonly revision: string; readonly dryRun: boolean},
): Promise<Done<Restored>> {
  const wanted = parseRevision(text)
  const damage = await damageOf(world)
  if (damage) return recover(world, wanted, damage, dryRun)
  const state = await stateOf(world, text)
  const settled = await settle(world, {
    because: `restore revision ${text}`,
    decide: (current) => planRestore(current, state),
    question: `Restore the state of revision ${state.revision}?`,
    dryRun,
  })
  return done(settled, dryRun, () => ({from: state.revision, revision: settled.state.revision}))
}

/**
 * After it the state is the one in the text, as a new revision. Throws `InvalidState`, `ForeignState` for one of another lineage unless it may be any, and
 * `DeclinedError`.
 */
export async function pushState(
  world: World,
  {
    anyLineage,
    dryRun,
    named,
    text,
  }: {readonly text: string; readonly named: string; readonly anyLineage: boolean; readonly dryRun: boolean},
): Promise<Done<Restored>> {
  const state = parseState(text, named)
  const {state: current} = await world.store.read()
  if (state.lineage !== current.lineage && current.revision > 0 && !anyLineage)
    throw new ConflictError(
      'ForeignState',
      `That state is of another lineage than the one at ${quoted(world.store.location)}: it tells of other clusters.`,
      {
        suggestions: ['berth state push FILE --any-lineage', 'berth state show'],
      },
    )
  const settled = await settle(world, {
    because: `push a state of revision ${state.revision}`,
    decide: (now) => planRestore(now, state),
    question: 'Put this state in place of the one there is?',
    dryRun,
  })
  return done(settled, dryRun, () => ({from: state.revision, revision: settled.state.revision}))
}

/** The locks and leases of the state that stand now. */
export function listLocks({store}: World): Promise<readonly StateLock[]> {
  return store.locks()
}

/**
 * After it the lock of that name stands no more. A dead holder's is in nobody's way; one whose holder lives is only removed by force. Throws `LockNotFound` and
 * `LockHeld`.
 */
export async function unlockState(world: World, {force, name}: {readonly name: string; readonly force: boolean}): Promise<StateLock> {
  const lock = (await world.store.locks()).find((one) => one.name === name)
  if (!lock) throw new NotFoundError('LockNotFound', `Nothing is locked as ${quoted(name)}.`, {suggestions: ['berth state lock list']})
  if (lock.isAlive && !force)
    throw new ConflictError(
      'LockHeld',
      `${quoted(name)} is held by process ${lock.pid}${lock.by === undefined ? '' : ` of ${lock.by}`}, "berth ${lock.command}", which lives: two that write at once may lose what one of them does.`,
      {
        suggestions: [`ps -fp ${lock.pid}`, `berth state unlock ${shellWord(name)} --force`],
      },
    )
  await world.store.unlock(name)
  return lock
}

async function recover(world: World, wanted: number | 'newest', damage: StateError, dryRun: boolean): Promise<Done<Restored>> {
  const because = damage.message.replace(/; nothing was changed.*$/s, '').replace(/\.$/, '')
  const history = await world.store.history()
  const revision = wanted === 'newest' ? (history.at(-1)?.revision ?? 0) : wanted
  const plan: Plan = {
    actions: [{kind: 'restoreState', revision, records: [], because, destructive: true}],
    notes: [{said: 'the files that cannot be read are kept beside the state, as .damaged'}],
    refusals: [],
  }
  if (dryRun) return {dryRun, plan}
  await world.person.confirm(plan, 'Make the state anew of what is whole of its files?')
  return {
    dryRun,
    plan,
    value: {from: revision, revision: await world.store.recover({...world.why, because: `recovered, since ${because}`}, wanted)},
  }
}

/** Why the state cannot be read, where its own files are the reason; other faults are thrown. */
export async function damageOf({store}: World): Promise<StateError | undefined> {
  try {
    await store.read()
    return undefined
  } catch (error) {
    if (error instanceof StateError && (error.code === 'StateCorrupt' || error.code === 'StateMissing')) return error
    throw error
  }
}

function parseRevision(text: string): number | 'newest' {
  if (text === 'newest') return text
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidInputError('InvalidRevision', `${quoted(text)} is no revision of the state: give its number, or newest.`, {
    suggestions: ['berth state history'],
  })
}
