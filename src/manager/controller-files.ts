// What a controller in a container is given of this machine: a key, known hosts, and what etcd asks for. Each goes into a file that root alone may read, in its
// volume: not into its image, which others may look into, and not into its environment, which the engine tells.
import {ConflictError, InvalidInputError} from '../errors.js'
import {type HostAddress, hostText, isLoopback} from '../model/host-address.js'
import type {Instance} from '../model/instance.js'
import {quoted, shellWord} from '../model/names.js'
import {fileOf, type ImageFile} from '../world/assembled-image.js'
import type {World} from '../world/world.js'

/** Where the volume is mounted. */
export const CONTROLLER_FOLDER = '/var/lib/berth'

const SECRET_MODE = 0o600

/** Variables of this machine whose value is a file that the controller needs as well, and what it is there. */
const ETCD_FILES = {
  BERTH_ETCD_CACERT: 'etcd-ca.pem',
  BERTH_ETCD_CERT: 'etcd-client.pem',
  BERTH_ETCD_KEY: 'etcd-client-key.pem',
  BERTH_ETCD_PASSWORD_FILE: 'etcd-password',
} as const

export interface ControllerFiles {
  readonly files: readonly ImageFile[]
  /** What of this machine is handed over, as a person names it. */
  readonly handed: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

export interface FilesWanted {
  readonly identity: string
  readonly knownHosts: string
}

/**
 * Throws `FileNotReadable`, `PasswordNotInFile` where the password of etcd stands in a variable, `HostNotPortable` for a host whose TLS files lie on this machine
 * and for a socket of another host than the one it shall run on, and as `HostCatalog.portable`.
 */
export async function controllerFiles(
  world: World,
  wanted: FilesWanted,
  on: Instance,
  instances: readonly Instance[],
): Promise<ControllerFiles> {
  for (const one of instances) checkReachable(one, on)
  const there = (name: string) => `${CONTROLLER_FOLDER}/${name}`
  const [identity, knownHosts] = [world.files.resolve(wanted.identity), world.files.resolve(wanted.knownHosts)]
  const secrets = [await fileFrom(world, 'identity', identity), await fileFrom(world, 'known_hosts', knownHosts)]
  const {silent, text} = await world.hosts.portable(
    instances.map(({address}) => address),
    {identity: {local: identity, there: there('identity')}, knownHosts: {local: knownHosts, there: there('known_hosts')}},
    world.signal,
  )
  for (const host of silent) world.reporter.note(`${host} does not answer: whether the key is let in there could not be tried`)
  const etcd = await etcdFiles(world)
  return {
    files: [...secrets, fileOf('ssh_config', SECRET_MODE, text), ...etcd.files],
    handed: [`key ${identity}`, `known hosts ${knownHosts}`, ...etcd.handed],
    environment: {...etcd.environment, BERTH_SSH_CONFIG: there('ssh_config')},
  }
}

/** The address of a socket on `on` itself is taken as it is: its engine's socket is handed in. */
function checkReachable({address, id, name}: Instance, on: Instance): void {
  const why = whyNot(address, id === on.id)
  if (why === undefined) return
  throw new InvalidInputError('HostNotPortable', `A controller on "${on.name}" cannot reach instance ${quoted(name)}: ${why}.`, {
    suggestions: [`berth instance describe ${name}`, 'berth controller install --systemd'],
  })
}

function whyNot(address: HostAddress, isItsOwn: boolean): string | undefined {
  if (address.kind !== 'unix' && !isItsOwn && isLoopback(address.host)) return `${hostText(address)} means the very host it runs on`
  if (address.kind === 'unix' && !isItsOwn) return `${address.path} is a socket of this machine`
  if (address.kind === 'tcp' && address.tls) return 'its TLS files lie on this machine; join it by ssh'
  return undefined
}

async function etcdFiles(world: World): Promise<ControllerFiles> {
  const {environment} = world.units.self()
  const user = environment['BERTH_ETCD_USER']
  if (user !== undefined && environment['BERTH_ETCD_PASSWORD_FILE'] === undefined)
    throw new ConflictError('PasswordNotInFile', "The password of etcd's user must stand in a file, which is handed over as it is.", {
      suggestions: ['export BERTH_ETCD_PASSWORD_FILE=/run/secrets/etcd'],
    })
  const given = Object.entries(ETCD_FILES).flatMap(([variable, name]) => {
    const path = environment[variable]
    return path === undefined ? [] : [{variable, name, path}]
  })
  return {
    files: await Promise.all(given.map(({name, path}) => fileFrom(world, name, path))),
    handed: given.map(({path, variable}) => `${variable} ${path}`),
    environment: {
      ...(user === undefined ? {} : {BERTH_ETCD_USER: user}),
      ...Object.fromEntries(given.map(({name, variable}) => [variable, `${CONTROLLER_FOLDER}/${name}`])),
    },
  }
}

async function fileFrom(world: World, name: string, path: string): Promise<ImageFile> {
  try {
    return fileOf(name, SECRET_MODE, await world.files.read(path))
  } catch (cause) {
    throw new InvalidInputError(
      'FileNotReadable',
      `The file ${quoted(path)} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
        suggestions: [`ls -l ${shellWord(path)}`],
      },
    )
  }
}
