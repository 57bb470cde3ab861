// Drift of the hosts themselves: what an engine says of its machine, and the clock.
import type {Drift} from '../../model/drift.js'
import type {HostAsked} from './asked.js'
import {can, cannot, drift} from './made.js'
import {clockOff, engineChanges, MEND_CLOCK, MOST_CLOCK_MS} from '../host-changes.js'

/** One for all that the engine says of itself and that is recorded otherwise; the little of the memory that a kernel takes is none. */
export function engineDrift({host: {facts}, instance, lens}: HostAsked): readonly Drift[] {
  const changes = engineChanges(instance.engine, facts).filter(({field, isGrave}) => isGrave || field === 'engineVersion')
  if (changes.length === 0) return []
  const change = lens.hostChange(instance, facts)
  return [
    drift({
      kind: 'engine',
      instance,
      subject: 'engine',
      wanted: changes.map(({field, was}) => `${field} ${was}`).join(', '),
      found: changes.map(({field, is}) => `${field} ${is}`).join(', '),
      adopt:
        typeof change === 'string'
          ? cannot(change)
          : can('facts, attributes and registered resources are recorded anew; tasks go on', {kind: 'host', change}),
      revert: cannot('what a host has is changed on the host'),
    }),
  ]
}

/** A skew of about the same size is the same drift: seconds differ from one look to the next. */
export function clockDrift({host: {clockAheadMs}, instance}: HostAsked): readonly Drift[] {
  const off = clockOff(clockAheadMs)
  if (off === undefined) return []
  return [
    drift({
      kind: 'clock',
      instance,
      subject: 'clock',
      wanted: `within ${MOST_CLOCK_MS / 1000} s of ours`,
      found: `${off} ours`,
      mark: `${Math.sign(clockAheadMs)} ${Math.floor(Math.log2(Math.abs(clockAheadMs) / MOST_CLOCK_MS))}`,
      adopt: cannot('times of tasks and logs are compared with ours'),
      revert: cannot('a clock is set on its host', MEND_CLOCK),
    }),
  ]
}
