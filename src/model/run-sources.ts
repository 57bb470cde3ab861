// What a person types to say where things are that a definition from AWS only names: secrets, file systems.
import {InvalidInputError} from '../errors.js'
import {quoted} from './names.js'
import {parseSecretSource, type SecretSource} from './secret-source.js'

/** Where the value of a secret is. */
export interface TypedSecret {
  /** The secret's name in its container, or what its `valueFrom` says. */
  readonly name: string
  readonly source: Exclude<SecretSource, {kind: 'aws'}>
}

/** An NFS export that stands for a file system of AWS. */
export interface TypedFileSystem {
  readonly fileSystemId: string
  readonly server: string
  readonly path: string
}

/** Reads `NAME=SOURCE`, the source being `env:NAME`, `file:PATH` or `exec:[...]`. Throws `InvalidSecret`, which tells no more of it than its name. */
export function parseTypedSecret(text: string): TypedSecret {
  // A reference of AWS may hold colons and equals signs.
  const [, name, written] = /^(.+?)=((?:env|file|exec):.*)$/s.exec(text) ?? []
  const source = written === undefined ? undefined : parseSecretSource(written)
  if (name !== undefined && source && source.kind !== 'aws') return {name, source}
  throw new InvalidInputError(
    'InvalidSecret',
    'A secret is given as NAME=SOURCE, the source being env:NAME, file:PATH or exec:["program","word"].',
    {
      suggestions: [
        'berth task run FAMILY --secret DB_PASSWORD=env:DB_PASSWORD',
        'berth task run FAMILY --secret DB_PASSWORD=file:password.txt',
      ],
    },
  )
}

/** Reads `FS_ID=nfs://SERVER/PATH`. Throws `InvalidFileSystem`. */
export function parseTypedFileSystem(text: string): TypedFileSystem {
  const [, fileSystemId, server, path] = /^([\w-]+)=nfs:\/\/([\w.-]+|\[[0-9A-Fa-f:.]+\])(\/[^\p{C},]*)$/u.exec(text) ?? []
  if (fileSystemId && server && path) return {fileSystemId, server: server.replace(/^\[(.*)\]$/, '$1'), path}
  throw new InvalidInputError('InvalidFileSystem', `${quoted(text)} names no export for a file system: give FS_ID=nfs://SERVER/PATH.`, {
    suggestions: ['berth task run FAMILY --efs fs-12345678=nfs://nas.example/export'],
  })
}
