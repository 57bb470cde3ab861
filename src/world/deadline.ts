// An end of waiting that is sure to come.

/** Each deadline, for as long as what it is part of is there. */
const kept = new WeakMap<AbortSignal, AbortSignal>()

/**
 * Fires with `signal`, or by a `TimeoutError` after `ms`. Never write it as `AbortSignal.any` over `AbortSignal.timeout`: Node lets the timer go with the
 * next collection of garbage, and the signal never fires (nodejs/node#57736; seen on 20.20, where a wait of 300 ms took 20 s).
 */
export function within(signal: AbortSignal, ms: number): AbortSignal {
  const deadline = AbortSignal.timeout(ms)
  const either = AbortSignal.any([signal, deadline])
  kept.set(either, deadline)
  return either
}
