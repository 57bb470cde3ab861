// Where a container's output goes. What only AWS has (awslogs, awsfirelens) becomes a file of the engine's own, so that `task logs` reads it.
import type {ContainerDefinition} from '../model/container-definition.js'
import type {ContainerSpec} from '../world/container-spec.js'

const AWS_DRIVERS: ReadonlySet<string> = new Set(['awslogs', 'awsfirelens'])

/** Output of a mapped driver is kept so far and no longer: a log that nobody rotates fills a disk. */
const FILE_OPTIONS = {'max-file': '3', 'max-size': '50m'}

/** Options of Docker itself, that hold for every driver. */
const GENERAL_OPTIONS: readonly string[] = ['mode', 'max-buffer-size']

/** The driver and its options, `secretOptions` (their values) among them; absent: the engine's default. */
export function logOf(
  {logConfiguration}: ContainerDefinition,
  secretOptions: Readonly<Record<string, string>>,
): Pick<ContainerSpec, 'log'> {
  if (!logConfiguration) return {}
  const {logDriver, options = {}} = logConfiguration
  if (!AWS_DRIVERS.has(logDriver)) return {log: {driver: logDriver, options: {...options, ...secretOptions}}}
  const kept = GENERAL_OPTIONS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]))
  return {log: {driver: 'json-file', options: {...FILE_OPTIONS, ...Object.fromEntries(kept)}}}
}
