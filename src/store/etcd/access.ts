// How etcd is to be spoken to: certificates and login, from the environment alone, so that no command line and no file of ours holds a password.
import {readFileSync} from 'node:fs'
import {InvalidInputError, StateError} from '../../errors.js'
import {named, readFault} from '../faults.js'

export interface EtcdAccess {
  /** Absent where nothing was given. All are PEM. */
  readonly tls?: {readonly ca?: Buffer; readonly certificate?: Buffer; readonly key?: Buffer}
  readonly login?: {readonly username: string; readonly password: string}
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * What the environment says: `BERTH_ETCD_CACERT`, `BERTH_ETCD_CERT`, `BERTH_ETCD_KEY`, `BERTH_ETCD_USER`, `BERTH_ETCD_PASSWORD` or `BERTH_ETCD_PASSWORD_FILE`; empty
 * ones count as unset. Throws `InvalidState` where one lacks its other half, and `StateNotReadable`.
 */
export function etcdAccess(env: Environment): EtcdAccess {
  return {...tlsOf(env), ...loginOf(env)}
}

function tlsOf(env: Environment): Pick<EtcdAccess, 'tls'> {
  const {BERTH_ETCD_CACERT: ca, BERTH_ETCD_CERT: certificate, BERTH_ETCD_KEY: key} = env
  if (!certificate !== !key)
    throw new InvalidInputError(
      'InvalidState',
      'A client certificate for etcd needs its key: set both BERTH_ETCD_CERT and BERTH_ETCD_KEY.',
      {
        suggestions: ['export BERTH_ETCD_CERT=client.crt BERTH_ETCD_KEY=client.key'],
      },
    )
  if (!ca && !certificate) return {}
  return {
    tls: {
      ...(ca ? {ca: contentOf('certificate authority of etcd', ca)} : {}),
      ...(certificate && key
        ? {certificate: contentOf('client certificate for etcd', certificate), key: contentOf('key for etcd', key)}
        : {}),
    },
  }
}

function loginOf(env: Environment): Pick<EtcdAccess, 'login'> {
  const {BERTH_ETCD_USER: username, BERTH_ETCD_PASSWORD: password, BERTH_ETCD_PASSWORD_FILE: file} = env
  if (!username) return {}
  if (!password && !file)
    throw new StateError('StateRefused', 'A user of etcd needs a password: set BERTH_ETCD_PASSWORD_FILE or BERTH_ETCD_PASSWORD.', {
      suggestions: ['export BERTH_ETCD_PASSWORD_FILE=/run/secrets/etcd'],
    })
  // A file ends in a newline that nobody meant.
  return {
    login: {
      username,
      password:
        password ||
        contentOf('password file', file ?? '')
          .toString()
          .replace(/\r?\n$/, ''),
    },
  }
}

function contentOf(what: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw readFault(error, named(what, path), path)
  }
}
