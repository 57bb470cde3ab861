// Work on a host whose connection may break: it is taken up again where it was, until it is done or the host stays away too long.
import {UnreachableError} from '../errors.js'
import type {Instance} from '../model/instance.js'
import {after, behind, type LogMark, sinceMark} from '../model/log-mark.js'
import type {Instant} from '../model/time.js'
import type {Engine, LogOptions, OutputChunk} from '../world/engine.js'
import type {World} from '../world/world.js'

/** Refusals are final: a host that says no says it again, and asking again may lock a person out. */
const MAY_COME_BACK: ReadonlySet<string> = new Set(['EngineNotRunning', 'HostBusy', 'HostSilent'])

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 5000
/** After it the failure is told as it is. */
const LONGEST_ABSENCE_MS = 30_000
/** What went on for so long before it broke again was well meanwhile. */
const LONG_WELL_MS = 120_000

/** One outage: how long it lasts, and what is told of it. */
class Absence {
  private since: Instant | undefined
  private openedAt: Instant | undefined
  private isToldLost = false
  private pauses = 0

  constructor(
    private readonly world: World,
    private readonly instance: Instance,
    private readonly signal: AbortSignal,
  ) {}

  /** The host can be spoken to; whether it does what it is asked for is not known yet. */
  opened(): void {
    this.tellBack()
    this.openedAt = this.world.clock.now()
  }

  /** The host does what it is asked for. */
  over(): void {
    this.tellBack()
    this.since = undefined
    this.pauses = 0
  }

  /** Returns after a pause when it is worth trying again; else throws what broke the connection, or the signal's reason. */
  async endure(error: unknown): Promise<void> {
    // Who leaves while a host is away has left: that the host is away is no matter any more.
    if (this.signal.aborted) throw this.signal.reason
    if (!(error instanceof UnreachableError) || !MAY_COME_BACK.has(error.code)) throw error
    const now = this.world.clock.now()
    if (this.openedAt !== undefined && now - this.openedAt > LONG_WELL_MS) this.since = undefined
    this.openedAt = undefined
    if (!this.isToldLost) this.world.reporter.note(`the connection to ${this.instance.name} is lost; trying again`)
    this.isToldLost = true
    this.since ??= now
    if (now - this.since > LONGEST_ABSENCE_MS) throw error
    await this.world.clock.sleep(Math.min(FIRST_PAUSE_MS * 2 ** this.pauses, LONGEST_PAUSE_MS), this.signal)
    this.pauses += 1
  }

  private tellBack(): void {
    if (this.isToldLost) this.world.reporter.note(`the connection to ${this.instance.name} is back`)
    this.isToldLost = false
  }
}

/** What `deed` returns, which may be begun again from its beginning on a newly opened engine: it must do nothing twice. */
export async function steadily<T>(world: World, instance: Instance, deed: (engine: Engine) => Promise<T>, signal: AbortSignal): Promise<T> {
  const absence = new Absence(world, instance, signal)
  for (let fresh = false; ; fresh = true) {
    try {
      const engine = await world.engines.open(instance.address, {fresh}, signal)
      absence.opened()
      return await deed(engine)
    } catch (error) {
      await absence.endure(error)
    }
  }
}

/** The log of a container whatever becomes of the connection: no message is lost or told twice. `mark`, where reading is taken up: behind it. */
export async function* steadyLogs(
  world: World,
  instance: Instance,
  container: string,
  {mark: from, ...options}: LogOptions & {readonly mark?: LogMark},
  signal: AbortSignal,
): AsyncGenerator<readonly OutputChunk[]> {
  const absence = new Absence(world, instance, signal)
  let mark = from
  for (let fresh = false; ; fresh = true) {
    try {
      const engine = await world.engines.open(instance.address, {fresh}, signal)
      absence.opened()
      const news = behind<OutputChunk>(mark)
      for await (const told of engine.logs(container, resumed(options, mark), signal)) {
        absence.over()
        const batch = news(told)
        mark = after(mark, batch)
        if (batch.length > 0) yield batch
      }
      return
    } catch (error) {
      await absence.endure(error)
    }
  }
}

function resumed(options: LogOptions, mark: LogMark | undefined): LogOptions {
  if (mark === undefined) return options
  const {tail: _, ...rest} = options
  return {...rest, since: sinceMark(mark, options.since)}
}
