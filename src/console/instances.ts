// Instances as a person reads them.
import {hostText} from '../model/host-address.js'
import {attributesOf, type Instance} from '../model/instance.js'
import type {Resources} from '../model/resources.js'
import {compareText, type State} from '../model/state.js'
import {fields, table} from './table.js'
import {statusText, USAGE_HEADS, usageOf, usageRow} from './usage.js'
import type {View} from './view.js'

export interface InstancesShown {
  readonly state: State
  readonly instances: readonly {readonly instance: Instance; readonly remaining: Resources}[]
}

/** The names alone, one a line: what a change answers. */
export function instanceNamesView({instances}: InstancesShown): View {
  const names = instances.map(({instance}) => instance.name)
  return {ids: names, text: names.join('\n')}
}

/** One row an instance: what is used of how much, and where it is. */
export function instancesView({instances, state}: InstancesShown): View {
  if (instances.length === 0) return {ids: [], text: 'No instances. Join one: berth instance join HOST'}
  const rows = instances.map(({instance, remaining}) => [
    ...usageRow(instance, usageOf(state, instance, remaining)),
    hostText(instance.address),
  ])
  return {ids: instances.map(({instance}) => instance.name), text: table([...USAGE_HEADS, 'HOST'], rows)}
}

/** All that is known of each. */
export function instanceDetailsView({instances, state}: InstancesShown): View {
  const text = instances.map(({instance, remaining}) => instanceDetails(state, instance, remaining)).join('\n\n')
  return {ids: instances.map(({instance}) => instance.name), text}
}

function instanceDetails(state: State, instance: Instance, remaining: Resources): string {
  const {engine, registered} = instance
  const {cpu, memory, ports, tasks} = usageOf(state, instance, remaining)
  const attributes = Object.entries(attributesOf(instance)).sort(([a], [b]) => compareText(a, b))
  return fields([
    ['Instance', instance.name],
    ['Id', instance.id],
    ['Host', hostText(instance.address)],
    ['Status', statusText(instance)],
    ['Joined', instance.registeredAt],
    ['Tasks', String(tasks)],
    ['CPU units', `${cpu.used} of ${cpu.total} in use`],
    ['Memory', `${memory.used} of ${memory.total} MiB in use`],
    ['Ports in use', ports.join(', ') || 'none'],
    ['Ports reserved', portsText(registered)],
    ['GPUs', registered.gpuIds.length === 0 ? undefined : registered.gpuIds.join(', ')],
    [
      'Engine',
      `Docker ${engine.engineVersion}, API ${engine.apiVersion}, ${engine.operatingSystem}, ${engine.architecture}, ${engine.storageDriver} (${engine.imageStore})`,
    ],
    ['Attributes', attributes.map(([name, value]) => (value === null ? name : `${name}=${value}`)).join(', ')],
  ])
}

function portsText({tcpPorts, udpPorts}: Resources): string {
  return [...tcpPorts.map(String), ...udpPorts.map((port) => `${port}/udp`)].join(', ') || 'none'
}
