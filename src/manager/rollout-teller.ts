// What a person who waits for a service or a daemon is told on the way.
import type {State} from '../model/state.js'
import {overviewOf} from '../model/workload-records.js'
import {liveText, type Pace, type RolloutProgress, secondsLeft} from '../scheduling/services/progress.js'
import type {Stage} from '../world/person.js'
import type {World} from '../world/world.js'
import type {Round} from './round.js'

/** Each event of the workload once, as a line; and on a terminal how far it is, and how long it will take at the pace so far. */
export class RolloutTeller {
  /** What was told before the command began is no news. */
  #lastEvent: number
  /** When the first look was taken, or the last at which fewer were ready than before: a new deployment begins anew. */
  #first: Pace | undefined

  constructor(
    private readonly world: World,
    before: State,
    private readonly workloadId: string,
  ) {
    this.#lastEvent = newestEvent(before, workloadId)
  }

  tell(stage: Stage, {now, state}: Pick<Round, 'now' | 'state'>, progress: RolloutProgress): void {
    const pace = {at: now, readyCount: progress.readyCount}
    if (this.#first === undefined || pace.readyCount < this.#first.readyCount) this.#first = pace
    stage.progress(liveText(progress, secondsLeft(this.#first, pace, progress.desiredCount)))
    const events = overviewOf(state)(this.workloadId).events.filter(({number}) => number > this.#lastEvent)
    for (const {message} of events.toReversed()) this.world.reporter.note(message)
    this.#lastEvent = events[0]?.number ?? this.#lastEvent
  }
}

function newestEvent(state: State, workloadId: string): number {
  return overviewOf(state)(workloadId).events[0]?.number ?? 0
}
