// What a run's containers need and no record may hold: resolved by the client before the first call to a host, handed on in memory, never written.
import type {NameValue} from '../model/container-definition.js'

/** By the container's name in its definition; a name that is missing needs nothing. */
export type ByContainer<T> = Readonly<Record<string, T>>

export interface RunMaterials {
  /** From environment files: under everything else. */
  readonly fileEnvironment: ByContainer<readonly NameValue[]>
  /** From secrets: over environment files, under what the definition and the run say. */
  readonly secretEnvironment: ByContainer<readonly NameValue[]>
  /** Options of log drivers whose values are secret. */
  readonly logOptions: ByContainer<Readonly<Record<string, string>>>
  /** By EFS file system id: the NFS export that stands for it here. */
  readonly fileSystems: Readonly<Record<string, {readonly server: string; readonly path: string}>>
}

/** A run that needs nothing of the kind. */
export const NO_MATERIALS: RunMaterials = {fileEnvironment: {}, secretEnvironment: {}, logOptions: {}, fileSystems: {}}

/** Shorter ones are words like any other. */
const SHORTEST_HIDDEN = 4

/**
 * `text` without the values of secrets, and without what stands between the delimiters of such a value: Docker's complaints of a log driver's option
 * quote all of it, or the part that is wrong.
 */
export function withoutSecrets(text: string, {logOptions, secretEnvironment}: RunMaterials): string {
  const values = [
    ...Object.values(secretEnvironment).flatMap((variables) => variables.map(({value}) => value)),
    ...Object.values(logOptions).flatMap((options) => Object.values(options)),
  ]
  const parts = [...values, ...values.flatMap((value) => value.split(/[^\p{L}\p{N}_-]+/u))].filter((part) => part.length >= SHORTEST_HIDDEN)
  // The longest first: a part of it may be another's whole.
  return parts.sort((a, b) => b.length - a.length).reduce((told, part) => told.replaceAll(part, '***'), text)
}
