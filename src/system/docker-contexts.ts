// The docker client's own notion of where its engine is: DOCKER_HOST, contexts, the default socket. The layout of the files is
// the docker CLI's context store (docs.docker.com/engine/manage-resources/contexts, docker/cli 28; read 2026-11-23).
import {createHash} from 'node:crypto'
import {access, readdir, readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {InvalidInputError, NotFoundError} from '../errors.js'
import {type HostAddress, parseHost, type TlsFiles} from '../model/host-address.js'
import type {Environment} from './paths.js'

export interface DockerContext {
  readonly name: string
  /** As its endpoint is written: `ssh://...`, `tcp://...`, `unix://...`. */
  readonly host: string
  readonly tls?: TlsFiles
}

/** Without a context of that name docker uses its own idea of a local engine. */
const DEFAULT_CONTEXT = 'default'

/**
 * The address that docker itself would use now. Throws `InvalidHost` for one that Berth cannot speak to, and `NotFoundError`
 * `DockerContextNotFound` for a current context that is not there.
 */
export async function currentEngine(env: Environment, home: string): Promise<HostAddress> {
  if (env.DOCKER_HOST) return parsed(env.DOCKER_HOST, environmentTls(env, home))
  const name = await currentContext(env, home)
  if (name === DEFAULT_CONTEXT) return {kind: 'unix', path: await defaultSocket(env, home)}
  const context = (await dockerContexts(env, home)).find((one) => one.name === name)
  if (context === undefined)
    throw new NotFoundError('DockerContextNotFound', `Docker's current context "${name}" does not exist.`, {
      suggestions: ['docker context ls', 'docker context use default'],
    })
  return parsed(context.host, context.tls)
}

/** Every context but the default one, in order of their names. Files that are no context are passed over. */
export async function dockerContexts(env: Environment, home: string): Promise<readonly DockerContext[]> {
  const folder = join(dockerFolder(env, home), 'contexts')
  const entries = await readdir(join(folder, 'meta')).catch(() => [])
  const contexts = await Promise.all(entries.map((entry) => readContext(folder, entry)))
  return contexts.filter((context) => context !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function readContext(folder: string, entry: string): Promise<DockerContext | undefined> {
  const meta = await readJson<{readonly Name?: string; readonly Endpoints?: {readonly docker?: {readonly Host?: string}}}>(
    join(folder, 'meta', entry, 'meta.json'),
  )
  const name = meta?.Name
  const host = meta?.Endpoints?.docker?.Host
  if (!name || !host) return undefined
  const tls = tlsFiles(join(folder, 'tls', createHash('sha256').update(name).digest('hex'), 'docker'))
  const secured = host.startsWith('tcp://') && (await exists(tls.caFile))
  return {name, host, ...(secured ? {tls} : {})}
}

/** Docker's own configuration; `undefined` where there is none, or where its file is not JSON. */
export function dockerConfig<T>(env: Environment, home: string): Promise<T | undefined> {
  return readJson<T>(join(dockerFolder(env, home), 'config.json'))
}

async function currentContext(env: Environment, home: string): Promise<string> {
  if (env.DOCKER_CONTEXT) return env.DOCKER_CONTEXT
  const config = await dockerConfig<{readonly currentContext?: string}>(env, home)
  return config?.currentContext || DEFAULT_CONTEXT
}

/** The first socket that is there: the system's engine, Docker Desktop's, a rootless one; the system's when there is none. */
async function defaultSocket(env: Environment, home: string): Promise<string> {
  const usual = '/var/run/docker.sock'
  const rootless = env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'docker.sock')] : []
  for (const path of [usual, join(home, '.docker/run/docker.sock'), ...rootless]) if (await isSocket(path)) return path
  return usual
}

function environmentTls(env: Environment, home: string): TlsFiles | undefined {
  const asked = Boolean(env.DOCKER_TLS_VERIFY || env.DOCKER_TLS) && env.DOCKER_HOST?.startsWith('tcp://')
  return asked ? tlsFiles(env.DOCKER_CERT_PATH || dockerFolder(env, home)) : undefined
}

function tlsFiles(folder: string): TlsFiles {
  return {caFile: join(folder, 'ca.pem'), certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem')}
}

function dockerFolder(env: Environment, home: string): string {
  return env.DOCKER_CONFIG || join(home, '.docker')
}

function parsed(host: string, tls: TlsFiles | undefined): HostAddress {
  const address = parseHost(host, tls)
  if (address.kind !== 'local') return address
  throw new InvalidInputError(
    'InvalidHost',
    'DOCKER_HOST is "local", which docker does not know; unset it, or give unix://, ssh:// or tcp://.',
  )
}

/** `undefined` for a file that is not there or not JSON: docker takes neither for a context. */
async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T
  } catch {
    // Docker starts with defaults when its files are missing; so do we.
    return undefined
  }
}

async function isSocket(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isSocket(),
    () => false,
  )
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
