// What of a task's record stands on its containers and nowhere else on the host: written as one label, read when the state is made anew. Labels are seen by many, so
// of the environment it has the names alone; the values are read from the container itself.
import type {NameValue} from '../model/container-definition.js'
import type {Task} from '../model/task.js'
import type {ContainerOverride, TaskOverride} from '../model/task-definition.js'
import type {Timestamp} from '../model/time.js'

/** What no other label tells, and no look at the container. */
export type TaskRecord = Pick<Task, 'createdAt' | 'gpuIds' | 'override' | 'removeWhenStopped' | 'tags'>

/** What a container is given, by its name in the definition. */
export type Environments = ReadonlyMap<string, readonly NameValue[]>

interface NamedOverride extends Omit<ContainerOverride, 'environment'> {
  readonly environmentNames?: readonly string[]
}

interface Written extends Omit<TaskRecord, 'override'> {
  readonly override?: Omit<TaskOverride, 'containerOverrides'> & {readonly containerOverrides?: readonly NamedOverride[]}
}

/** As JSON. */
export function taskRecordText({createdAt, gpuIds, override, removeWhenStopped, tags}: Task): string {
  const record: Written = {
    createdAt,
    ...(override === undefined ? {} : {override: withNamesOnly(override)}),
    ...(gpuIds === undefined ? {} : {gpuIds}),
    ...(removeWhenStopped === undefined ? {} : {removeWhenStopped}),
    ...(tags === undefined ? {} : {tags}),
  }
  return JSON.stringify(record)
}

/** Does the record in the text name anything of the environment of that container? */
export function namesEnvironment(text: string | undefined, containerName: string): boolean {
  return (written(text)?.override?.containerOverrides ?? []).some((one) => one.name === containerName && one.environmentNames !== undefined)
}

/** The record in the text; where it is none, one of a task that was made at that time. A variable of which no container knows any more is left out. */
export function parseTaskRecord(text: string | undefined, madeAt: Timestamp, environments: Environments): TaskRecord {
  const {override, ...record} = written(text) ?? {createdAt: madeAt}
  return {...record, ...(override === undefined ? {} : {override: withValues(override, environments)})}
}

function written(text: string | undefined): Written | undefined {
  try {
    const record = JSON.parse(text ?? '') as Partial<Written> | null
    return typeof record?.createdAt === 'string' ? {...record, createdAt: record.createdAt} : undefined
  } catch {
    // Not what we wrote: the rest of the task is told by its other labels.
    return undefined
  }
}

function withNamesOnly({containerOverrides, ...rest}: TaskOverride): Written['override'] & object {
  if (containerOverrides === undefined) return rest
  const named = containerOverrides.map(
    ({environment, ...one}): NamedOverride =>
      environment === undefined ? one : {...one, environmentNames: environment.map(({name}) => name)},
  )
  return {...rest, containerOverrides: named}
}

function withValues({containerOverrides, ...rest}: Written['override'] & object, environments: Environments): TaskOverride {
  if (containerOverrides === undefined) return rest
  const whole = containerOverrides.map(({environmentNames, ...one}): ContainerOverride => {
    if (environmentNames === undefined) return one
    const values = new Map((environments.get(one.name) ?? []).map(({name, value}) => [name, value]))
    return {...one, environment: environmentNames.flatMap((name) => (values.has(name) ? {name, value: values.get(name) ?? ''} : []))}
  })
  return {...rest, containerOverrides: whole}
}
