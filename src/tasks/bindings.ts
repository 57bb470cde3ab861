// Where the ports of a task's containers can be reached on its host, as ECS's networkBindings tell it.
import type {PublishedPort} from '../model/observation.js'
import {mappedPorts} from '../model/port-mappings.js'
import {PAUSE_CONTAINER} from '../model/run-document.js'
import type {NetworkBinding} from '../model/task.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import type {ContainersSeen} from './facts.js'

/**
 * The bindings of one container: what the engine published of it; where the containers share a network interface what it published of the container that
 * holds it; on the host's own network the ports themselves. `undefined` when nothing is known of it.
 */
export function bindingsOf(document: TaskDefinitionDocument, name: string, seen: ContainersSeen): readonly NetworkBinding[] | undefined {
  const definition = document.containerDefinitions.find((container) => container.name === name)
  const own = seen[name]
  if (!definition || own === undefined || own === 'missing' || name === PAUSE_CONTAINER) return undefined
  const ports = mappedPorts(definition, document.networkMode)
  if (document.networkMode === 'host')
    return ports.map(({containerPort, protocol}) => ({bindIP: '0.0.0.0', containerPort, hostPort: containerPort, protocol}))
  const pause = seen[PAUSE_CONTAINER]
  if (document.networkMode !== 'awsvpc') return own.ports.map(binding)
  if (pause === undefined || pause === 'missing') return undefined
  const isMapped = (port: PublishedPort) => ports.some((one) => one.containerPort === port.containerPort && one.protocol === port.protocol)
  return pause.ports.filter(isMapped).map(binding)
}

function binding({containerPort, hostPort, ip, protocol}: PublishedPort): NetworkBinding {
  return {bindIP: ip, containerPort, hostPort, protocol}
}
