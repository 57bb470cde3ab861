// What the docker configuration says of a registry: helpers, a store, entries (docker/cli, config/configfile and docker-credential-helpers, read 2026-11-26).
import {UnreachableError} from '../errors.js'
import {quoted} from '../model/names.js'
import {DOCKER_HUB, registryOf} from '../model/registry.js'
import type {RegistryCredential} from '../world/engine.js'
import type {RegistryCredentials} from '../world/registry-credentials.js'
import {dockerConfig} from './docker-contexts.js'
import type {Environment} from './paths.js'

/** The name that Docker's own registry has had in configurations from its first version on. */
const HUB_ADDRESS = 'https://index.docker.io/v1/'

/** A helper that asks a person would wait for ever. */
const HELPER_TIMEOUT_MS = 30_000

/** What a helper says when it has nothing: no failure. */
const NOTHING_KEPT = /credentials not found/i

/** The name by which a helper marks a token instead of a user. */
const TOKEN_USER = '<token>'

interface DockerConfig {
  readonly auths?: Readonly<Record<string, AuthEntry>>
  readonly credsStore?: string
  readonly credHelpers?: Readonly<Record<string, string>>
}

interface AuthEntry {
  /** Base64 of `user:password`. */
  readonly auth?: string
  readonly username?: string
  readonly password?: string
  readonly identitytoken?: string
}

export class DockerCredentials implements RegistryCredentials {
  constructor(
    private readonly env: Environment,
    private readonly home: string,
  ) {}

  async of(image: string, signal: AbortSignal): Promise<RegistryCredential | undefined> {
    const config = await dockerConfig<DockerConfig>(this.env, this.home)
    if (!config) return undefined
    const registry = registryOf(image)
    const serverAddress = registry === DOCKER_HUB ? HUB_ADDRESS : registry
    const helper = at(config.credHelpers, registry) ?? at(config.credHelpers, serverAddress) ?? config.credsStore
    if (helper) return this.fromHelper(helper, serverAddress, signal)
    const entry = [serverAddress, registry, `https://${registry}`, `https://${registry}/`].map((key) => at(config.auths, key)).find(Boolean)
    return entry && fromEntry(entry, serverAddress)
  }

  /** Asks `docker-credential-NAME get`, which reads the registry's address on stdin and answers in JSON. */
  private async fromHelper(name: string, serverAddress: string, signal: AbortSignal): Promise<RegistryCredential | undefined> {
    if (!/^[A-Za-z0-9._-]+$/.test(name)) throw failed(name, serverAddress, 'its name is no name of a program')
    signal.throwIfAborted()
    const {execa} = await import('execa')
    const ran = await execa(`docker-credential-${name}`, ['get'], {
      cancelSignal: signal,
      env: this.env,
      extendEnv: false,
      input: serverAddress,
      reject: false,
      timeout: HELPER_TIMEOUT_MS,
      // NODE_DEBUG=execa would have its answer printed.
      verbose: 'none',
    })
    signal.throwIfAborted()
    if (ran.exitCode !== 0 && NOTHING_KEPT.test(ran.stdout)) return undefined
    if (ran.exitCode !== 0)
      throw failed(name, serverAddress, ran.code === 'ENOENT' ? 'there is no such program' : `it ended with ${ran.exitCode ?? ran.signal}`)
    return fromAnswer(name, ran.stdout, serverAddress)
  }
}

function fromAnswer(name: string, text: string, serverAddress: string): RegistryCredential {
  const {Secret, Username} = parsed(text)
  if (typeof Secret !== 'string' || typeof Username !== 'string') throw failed(name, serverAddress, 'it answered with no user and secret')
  return Username === TOKEN_USER ? {identityToken: Secret, serverAddress} : {username: Username, password: Secret, serverAddress}
}

/** What is no JSON holds nothing; its text, which may be a secret, goes nowhere. */
function parsed(text: string): {readonly Username?: unknown; readonly Secret?: unknown} {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function fromEntry(entry: AuthEntry, serverAddress: string): RegistryCredential | undefined {
  if (entry.identitytoken) return {identityToken: entry.identitytoken, serverAddress}
  const [user, ...password] = Buffer.from(entry.auth ?? '', 'base64')
    .toString()
    .split(':')
  const username = entry.username ?? user
  if (!username) return undefined
  return {username, password: entry.password ?? password.join(':').replace(/\0+$/, ''), serverAddress}
}

function at<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table && Object.hasOwn(table, key) ? table[key] : undefined
}

function failed(name: string, serverAddress: string, why: string): UnreachableError {
  const message = `Docker's credential helper ${quoted(name)} told nothing of ${quoted(serverAddress)}: ${why}.`
  // Without an address docker means its own registry.
  const suggestions = [serverAddress === HUB_ADDRESS ? 'docker login' : `docker login ${serverAddress}`]
  return new UnreachableError('CredentialHelperFailed', message, {suggestions})
}
