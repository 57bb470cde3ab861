// Files of a container, as tar archives.
import type {PathSeen} from '../world/engine.js'
import type {Deed} from './faults.js'
import {asObject} from './ndjson.js'
import {type Call, containerPath, type Wire} from './wire.js'

/** Go's bit for a folder in a file's mode. */
const FOLDER_BIT = 2 ** 31

export async function pathSeen(wire: Wire, container: string, path: string, signal: AbortSignal): Promise<PathSeen | undefined> {
  const {headers, status} = await wire.ask({...callOf(wire, container, path, signal), method: 'HEAD', accept: [404]})
  if (status === 404) return undefined
  const stat = asObject(JSON.parse(Buffer.from(String(headers['x-docker-container-path-stat'] ?? 'e30='), 'base64').toString()))
  return {
    name: String(stat['name'] ?? ''),
    sizeBytes: Number(stat['size'] ?? 0),
    isDirectory: Math.floor(Number(stat['mode'] ?? 0) / FOLDER_BIT) % 2 === 1,
  }
}

export function getArchive(wire: Wire, container: string, path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
  return wire.stream({...callOf(wire, container, path, signal), method: 'GET'}, (bytes) => bytes)
}

export async function putArchive(
  wire: Wire,
  container: string,
  path: string,
  archive: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  // However long it takes to come, as long as it comes.
  await wire.ask({...callOf(wire, container, path, signal), method: 'PUT', upload: archive, idleMs: Number.POSITIVE_INFINITY})
}

function callOf(wire: Wire, container: string, path: string, signal: AbortSignal): Omit<Call, 'method'> {
  const deed: Deed = {kind: 'path', container, path}
  return {path: containerPath(container, '/archive', wire.host), query: {path}, deed, signal}
}
