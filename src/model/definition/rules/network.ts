// What goes with which network mode and IPC mode: links, names, addresses and the kernel's settings (API reference of ContainerDefinition, read 2026-11-26).
import {containersOf, type DraftContainer, type DraftDocument, type Finding, items} from '../draft.js'
import type {Path} from '../fault.js'
import {IPC_CONTROLS} from '../words.js'

const NOT_IN_AWSVPC = ['hostname', 'dnsServers', 'dnsSearchDomains', 'extraHosts'] as const

export function* networkRules(document: DraftDocument): Iterable<Finding> {
  const mode = document.networkMode ?? 'bridge'
  for (const [container, path] of containersOf(document)) {
    if (mode !== 'bridge' && container.links)
      yield {path: [...path, 'links'], rule: `must be absent: links join containers of network mode bridge, and this task has ${mode}`}
    if (mode === 'none' && container.portMappings)
      yield {path: [...path, 'portMappings'], rule: 'must be absent: network mode none has no ports'}
    for (const field of NOT_IN_AWSVPC)
      if (mode === 'awsvpc' && container[field] !== undefined)
        yield {
          path: [...path, field],
          rule: 'must be absent: the containers of network mode awsvpc share the name and addresses of the task',
        }
    yield* controlRules(container, document, path)
  }
}

function* controlRules({systemControls}: DraftContainer, document: DraftDocument, path: Path): Iterable<Finding> {
  for (const [index, {namespace, value}] of items(systemControls)) {
    const at = [...path, 'systemControls', index]
    if (value === '') yield {path: [...at, 'value'], rule: 'must not be empty'}
    if (namespace === undefined) continue
    const isIpc = IPC_CONTROLS.includes(namespace) || /^fs\.mqueue\../.test(namespace)
    const isNet = /^net\../.test(namespace)
    if (!isIpc && !isNet)
      yield {path: [...at, 'namespace'], rule: `must begin with net. or fs.mqueue., or be one of ${IPC_CONTROLS.join(', ')}`}
    if (isNet && document.networkMode === 'host')
      yield {path: [...at, 'namespace'], rule: 'must be absent: with network mode host it would change the instance itself'}
    if (isIpc && document.ipcMode === 'host')
      yield {path: [...at, 'namespace'], rule: 'must be absent: with ipcMode host it would change the instance itself'}
  }
}
