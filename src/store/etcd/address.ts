// Where a shared state lies: `etcd://host1:2379,host2:2379/prefix`, taken apart and judged before anything is dialed.
import {InvalidInputError} from '../../errors.js'
import {quoted} from '../../model/names.js'

export interface EtcdAddress {
  /** As a person would type it again: ports and prefix always told. */
  readonly location: string
  /** `host:port`, in the order typed. */
  readonly endpoints: readonly string[]
  /** What every key begins with, without a slash at either end. */
  readonly prefix: string
  readonly isTls: boolean
}

const DEFAULT_PORT = 2379
const DEFAULT_PREFIX = 'berth'

/** Does it name an etcd, well or badly? */
export function namesEtcd(location: string): boolean {
  return /^etcds?:/i.test(location)
}

/** The address in the text. Throws `InvalidState`, which names what is wrong and never repeats what may be a password. */
export function parseEtcdAddress(text: string): EtcdAddress {
  if (text.includes('@'))
    throw invalid('A state address holds no user and no password, for others can read it: they come from the environment.')
  const [, scheme = '', hosts = '', path = ''] = /^(etcds?):\/\/([^/?#]*)([^?#]*)$/i.exec(text) ?? []
  if (scheme === '') throw invalid(`${quoted(text)} is no address of a state: it is etcd://HOST:PORT,HOST:PORT/PREFIX, without ? and #.`)
  const endpoints = hosts.split(',').map((host) => endpointOf(host, text))
  const prefix = path.replace(/^\/|\/$/g, '') || DEFAULT_PREFIX
  if (!/^[\w.~-]+(\/[\w.~-]+)*$/.test(prefix))
    throw invalid(
      `${quoted(prefix)} cannot be the prefix of a state: use words of letters, digits, . _ ~ - with single slashes between them.`,
    )
  return {
    endpoints,
    isTls: scheme.toLowerCase() === 'etcds',
    location: `${scheme.toLowerCase()}://${endpoints.join(',')}/${prefix}`,
    prefix,
  }
}

function endpointOf(host: string, text: string): string {
  const [, name, port = String(DEFAULT_PORT)] = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i.exec(host) ?? []
  if (name === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw invalid(`${quoted(host)} in ${quoted(text)} is no endpoint of etcd: give HOST or HOST:PORT, with commas between them.`)
  return `${name}:${Number(port)}`
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError('InvalidState', message, {
    suggestions: ['berth cluster list --state etcd://etcd1:2379,etcd2:2379,etcd3:2379/berth'],
  })
}
