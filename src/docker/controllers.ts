// The container of a controller, as Docker's create call wants it (Engine API 1.41, ContainerCreate, read 2026-11-27), and its files.
import type {ControllerSpec} from '../world/container-spec.js'
import {putArchive} from './archives.js'
import {archiveOf} from './image-archive.js'
import {controllerLabels} from './labels.js'
import type {Wire} from './wire.js'

/** Its log turns over: it runs for years. */
const LOG = {Type: 'json-file', Config: {'max-size': '10m', 'max-file': '3'}}

/** Where a program that is told to write nowhere writes all the same: sockets of its connections, compiled code. In memory. */
const TMPFS = {'/tmp': 'mode=1777,size=64m', '/run': 'mode=0755,size=16m'}

/** Makes it, and puts its files into its volume. */
export async function createController(wire: Wire, spec: ControllerSpec, signal: AbortSignal): Promise<void> {
  await wire.ask({
    method: 'POST',
    path: '/containers/create',
    query: {name: spec.name},
    body: controllerBody(spec),
    deed: {kind: 'create', name: spec.name, image: spec.image},
    signal,
  })
  await putArchive(wire, spec.name, spec.folder, archiveOf(spec.files), signal)
}

/** The body of the call. Rights it has none but those of its user, so what it reads must be its own. */
export function controllerBody(spec: ControllerSpec): object {
  return {
    Image: spec.image,
    Cmd: [...spec.command],
    Env: spec.environment.map(({name, value}) => `${name}=${value}`),
    Hostname: spec.hostname,
    Labels: {...controllerLabels(spec.owner)},
    StopTimeout: spec.stopTimeoutSeconds,
    HostConfig: {
      Binds: [`${spec.name}:${spec.folder}`, ...spec.sockets.map((path) => `${path}:${path}`)],
      CapDrop: ['ALL'],
      LogConfig: LOG,
      NetworkMode: 'host',
      ReadonlyRootfs: true,
      RestartPolicy: {Name: 'unless-stopped'},
      SecurityOpt: ['no-new-privileges'],
      Tmpfs: TMPFS,
    },
  }
}
