// What etcd and the way to it say, in our words. The classes are those of its client, told apart by their names.
import {NotFoundError, StateError} from '../../errors.js'
import {quoted, shellWord} from '../../model/names.js'
import {STATE_VERSION, TABLES} from '../../model/state.js'
import type {EtcdAddress} from './address.js'

const REFUSED: ReadonlySet<string> = new Set(['EtcdAuthenticationFailedError', 'EtcdPermissionDeniedError', 'GRPCUnauthenticatedError'])

/** An endpoint said this, and another one, or the same a little later, may say something else; whether it did what was asked nobody knows. */
const PASSING: ReadonlySet<string> = new Set([
  'ClientClosedError',
  'EtcdError',
  'EtcdInvalidAuthTokenError',
  'GRPCAbortedError',
  'GRPCCancelledError',
  'GRPCDeadlineExceededError',
  'GRPCFailedPreconditionError',
  'GRPCGenericError',
  'GRPCInternalError',
  'GRPCUnavailableError',
  'GRPCUnknownError',
])

/** May the next try come out otherwise? */
export function mayPass(error: unknown): boolean {
  return error instanceof Error && PASSING.has(error.constructor.name)
}

/** Does the lease that was named exist no more? */
export function isLeaseGone(error: unknown): boolean {
  return error instanceof Error && (error.constructor.name === 'EtcdLeaseInvalidError' || error.constructor.name === 'GRPCNotFoundError')
}

/** Was what was asked for of the past, which etcd has compacted since? */
export function isCompacted(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'GRPCOutOfRangeError'
}

/** `StateRefused` or `StateDiskFull` for what etcd answers; what is no answer of etcd's as it is. */
export function answerFault(error: unknown, {location}: EtcdAddress): unknown {
  if (!(error instanceof Error)) return error
  const {name} = error.constructor
  // A user is demanded where none was given: the only wrong argument that we can make.
  if (REFUSED.has(name) || name === 'GRPCInvalidArgumentError')
    return new StateError('StateRefused', `etcd at ${quoted(location)} refuses us: ${saidBy(error)}.`, {
      cause: error,
      suggestions: ['export BERTH_ETCD_USER=NAME BERTH_ETCD_PASSWORD_FILE=FILE', 'export BERTH_ETCD_CERT=FILE BERTH_ETCD_KEY=FILE'],
    })
  if (name === 'GRPCResourceExhastedError')
    return new StateError('StateDiskFull', `etcd at ${quoted(location)} takes nothing more: ${saidBy(error)}.`, {
      cause: error,
      suggestions: ['etcdctl endpoint status', 'etcdctl alarm list'],
    })
  return error
}

/** `StateUnreachable`: which endpoints, for how long, and what the last said. `isUnknown`: what was asked may have been done all the same. */
export function unreachable(address: EtcdAddress, waitedMs: number, last: unknown, isUnknown: boolean): StateError {
  const doubt = isUnknown ? ' Whether the change was committed is not known; the history tells once it answers.' : ''
  const message = `etcd at ${address.endpoints.map(quoted).join(', ')} did not answer in ${(waitedMs / 1000).toFixed(1)} s (${saidBy(last)}).${doubt}`
  return new StateError('StateUnreachable', message, {
    cause: last,
    suggestions: [
      `etcdctl --endpoints ${shellWord(address.endpoints.join(','))} endpoint health`,
      ...(isUnknown ? [`berth state history --limit 3 --state ${shellWord(address.location)}`] : []),
    ],
  })
}

/** `StateCorrupt`: what stands under the key is nothing that we wrote. */
export function corruptKey({location, endpoints}: EtcdAddress, key: string, cause?: unknown): StateError {
  return new StateError(
    'StateCorrupt',
    `The key ${quoted(key)} of the state ${quoted(location)} does not hold what was written; nothing was changed.`,
    {
      cause,
      suggestions: [
        `etcdctl --endpoints ${shellWord(endpoints.join(','))} get ${shellWord(key)}`,
        // A single record can go, as what became of it is seen on the hosts; without one of the other keys all of the state could not be told.
        TABLES.some((table) => key.includes(`/state/${table}/`))
          ? `etcdctl --endpoints ${shellWord(endpoints.join(','))} del ${shellWord(key)}`
          : 'berth state rebuild --state ANOTHER-FILE --hosts HOST',
      ],
    },
  )
}

/** `StateTooNew`. */
export function tooNew({location}: EtcdAddress, version: number): StateError {
  return new StateError(
    'StateTooNew',
    `The state ${quoted(location)} is of version ${version}, and this Berth knows versions up to ${STATE_VERSION}; nothing was changed.`,
    {suggestions: ['npm install --global berth-cli@latest']},
  )
}

/** `StateRecordTooLarge`: etcd takes no value of that size. */
export function tooLarge({location}: EtcdAddress, record: string, bytes: number): StateError {
  return new StateError(
    'StateRecordTooLarge',
    `The record ${quoted(record)} has ${bytes} bytes, more than the state ${quoted(location)} can take of one.`,
    {
      suggestions: ['berth state migrate --to ./state.json'],
    },
  )
}

/** `RevisionNotKept`. */
export function notKept({location}: EtcdAddress, revision: number): NotFoundError {
  return new NotFoundError('RevisionNotKept', `Revision ${revision} of the state ${quoted(location)} is not kept.`, {
    suggestions: [`berth state history --state ${shellWord(location)}`],
  })
}

/** The first line of what it says, without gRPC's own words. */
function saidBy(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const [line = ''] = text.split('\n')
  return line
    .replace(/^(\w+Error: )?(\d+ [A-Z_]+: )?(No connection established\. Last error: )?/, '')
    .replace(/\.? Resolution note:.*$/, '')
    .slice(0, 200)
}
