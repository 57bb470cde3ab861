// Task definitions as a person reads them.
import {type ContainerDefinition, isEssential, type PortMapping} from '../model/container-definition.js'
import {type Difference, differenceText} from '../model/definition-diff.js'
import {definitionNotes} from '../model/definition/notes.js'
import {needOf, type TaskDefinition, type Volume} from '../model/task-definition.js'
import type {Instant} from '../model/time.js'
import {ago} from './age.js'
import {fields, table, visible} from './table.js'
import type {View} from './view.js'

interface DefinitionsShown {
  readonly definitions: readonly TaskDefinition[]
}

/** The ids alone, one a line: what a change answers. */
export function definitionIdsView({definitions}: DefinitionsShown): View {
  const ids = definitions.map(({id}) => id)
  return {ids, text: ids.join('\n')}
}

/** One row a revision. */
export function definitionsView({definitions}: DefinitionsShown, now: Instant): View {
  const rows = definitions.map((definition) => {
    const {document, id, registeredAt, status} = definition
    const need = needOf(document)
    const names = document.containerDefinitions.map(({name}) => name).join(', ')
    return [id, status, names, String(need.cpuUnits), String(need.memoryMiB), document.networkMode ?? 'bridge', ago(registeredAt, now)]
  })
  const heads = ['DEFINITION', 'STATUS', 'CONTAINERS', 'CPU', 'MEMORY', 'NETWORK', 'REGISTERED']
  return {ids: definitions.map(({id}) => id), text: rows.length === 0 ? 'No task definitions.' : table(heads, rows)}
}

/** All that is known of each. */
export function definitionDetailsView({definitions}: DefinitionsShown): View {
  return {ids: definitions.map(({id}) => id), text: definitions.map(definitionDetails).join('\n\n')}
}

/** One line a place that differs. */
export function differencesView(differences: readonly Difference[]): View {
  const lines = differences.map(differenceText).map(visible)
  return {ids: differences.map(({path}) => path), text: lines.length === 0 ? 'No differences.' : lines.join('\n')}
}

/** What is wrong with each file, or that nothing is, and its notes. */
export function checksView(
  checked: readonly {readonly file: string; readonly notes: readonly {readonly path: string; readonly said: string}[]}[],
): View {
  const lines = checked.flatMap(({file, notes}) => [`${visible(file)}: ok`, ...notes.map(({path, said}) => visible(`  ${path}: ${said}`))])
  return {ids: checked.map(({file}) => file), text: lines.join('\n')}
}

function definitionDetails(definition: TaskDefinition): string {
  const {document} = definition
  const need = needOf(document)
  const head = fields([
    ['Definition', definition.id],
    ['Status', definition.status],
    ['Registered', definition.registeredAt],
    ['Deregistered', definition.deregisteredAt],
    ['Folder', definition.folder],
    ['Tags', definition.tags?.map(({key, value}) => `${key}=${value}`).join(', ')],
    ['Takes', `${need.cpuUnits} CPU units, ${need.memoryMiB} MiB`],
    ['Network', document.networkMode ?? 'bridge'],
    ['Processes', document.pidMode],
    ['IPC', document.ipcMode],
    ['Task role', document.taskRoleArn],
    ['Volumes', document.volumes?.map(volumeText).join(', ') || undefined],
  ])
  const notes = definitionNotes(document).map(({path, said}) => `  ${path}: ${said}`)
  return [
    head,
    ...document.containerDefinitions.map(containerDetails),
    ...(notes.length === 0 ? [] : [`Notes:\n${notes.map(visible).join('\n')}`]),
  ].join('\n\n')
}

function containerDetails(container: ContainerDefinition): string {
  const {dependsOn, healthCheck, restartPolicy} = container
  return fields([
    ['  Container', container.name],
    ['  Image', container.image],
    ['  Essential', isEssential(container) ? 'yes' : 'no'],
    ['  Entry point', words(container.entryPoint)],
    ['  Command', words(container.command)],
    ['  CPU', container.cpu?.toString()],
    ['  Memory', memoryText(container)],
    ['  Ports', container.portMappings?.map(portText).join(', ') || undefined],
    ['  Environment', container.environment?.map(({name}) => name).join(', ') || undefined],
    ['  Secrets', container.secrets?.map(({name}) => name).join(', ') || undefined],
    [
      '  Mounts',
      container.mountPoints
        ?.map(({containerPath, readOnly, sourceVolume}) => `${sourceVolume}:${containerPath}${readOnly ? ':ro' : ''}`)
        .join(', ') || undefined,
    ],
    ['  Waits for', dependsOn?.map(({condition, containerName}) => `${containerName} ${condition}`).join(', ') || undefined],
    ['  Health check', healthCheck && words(healthCheck.command)],
    ['  Restarts', restartPolicy?.enabled ? `after ${restartPolicy.restartAttemptPeriod ?? 300} s` : undefined],
    ['  Stop timeout', container.stopTimeout === undefined ? undefined : `${container.stopTimeout} s`],
    ['  Logs', container.logConfiguration?.logDriver],
  ])
}

function words(list: readonly string[] | undefined): string | undefined {
  return list && list.length > 0 ? JSON.stringify(list) : undefined
}

function memoryText({memory, memoryReservation}: ContainerDefinition): string | undefined {
  const parts = [
    ...(memoryReservation === undefined ? [] : [`${memoryReservation} MiB reserved`]),
    ...(memory === undefined ? [] : [`${memory} MiB at most`]),
  ]
  return parts.length === 0 ? undefined : parts.join(', ')
}

function portText({containerPort, containerPortRange, hostPort, protocol = 'tcp'}: PortMapping): string {
  return `${hostPort ? `${hostPort}->` : ''}${containerPortRange ?? containerPort}/${protocol}`
}

function volumeText({dockerVolumeConfiguration, efsVolumeConfiguration, host, name}: Volume): string {
  const source = host?.sourcePath ?? efsVolumeConfiguration?.fileSystemId ?? dockerVolumeConfiguration?.scope
  return source === undefined ? name : `${name} (${source})`
}
