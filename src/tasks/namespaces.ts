// Which namespaces a container shares with others of its task or with its host (ECS API, networkMode, pidMode, ipcMode; read 2026-11-26).
import type {ContainerDefinition} from '../model/container-definition.js'
import {PAUSE_CONTAINER} from '../model/run-document.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'
import type {ContainerSpec} from '../world/container-spec.js'

type Namespaces = Pick<ContainerSpec, 'network' | 'pid' | 'ipc' | 'links' | 'volumesFrom'>

/** `nameOnHost` gives the name that the engine knows a container of the task by. */
export function namespacesOf(
  document: TaskDefinitionDocument,
  container: ContainerDefinition,
  nameOnHost: (name: string) => string,
): Namespaces {
  const isPause = container.name === PAUSE_CONTAINER
  const {ipcMode, networkMode, pidMode} = document
  const pause = {container: nameOnHost(PAUSE_CONTAINER)}
  return {
    ...(networkMode === 'host' || networkMode === 'none' ? {network: networkMode} : {}),
    ...(networkMode === 'awsvpc' && !isPause ? {network: pause} : {}),
    ...(pidMode === 'host' ? {pid: 'host'} : {}),
    ...(pidMode === 'task' && !isPause ? {pid: pause} : {}),
    ...(ipcMode === 'host' || ipcMode === 'none' ? {ipc: ipcMode} : {}),
    ...(ipcMode === 'task' ? {ipc: isPause ? 'shareable' : pause} : {}),
    ...(container.links ? {links: container.links.map((link) => linkOnHost(link, nameOnHost))} : {}),
    ...(container.volumesFrom
      ? {volumesFrom: container.volumesFrom.map(({readOnly, sourceContainer}) => `${nameOnHost(sourceContainer)}${readOnly ? ':ro' : ''}`)}
      : {}),
  }
}

/** `name:alias`, or `name` alone, which is then the alias. */
function linkOnHost(link: string, nameOnHost: (name: string) => string): string {
  const [name = link, alias = name] = link.split(':')
  return `${nameOnHost(name)}:${alias}`
}
