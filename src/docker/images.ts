// Images of one engine: looked up, pulled, taken in.
import {NotFoundError} from '../errors.js'
import {quoted} from '../model/names.js'
import {PAUSE_IMAGE} from '../model/run-document.js'
import type {AssembledImage} from '../world/assembled-image.js'
import type {ImageSeen, PullOptions, PullProgress, RegistryCredential} from '../world/engine.js'
import type {VersionJson} from './facts.js'
import {imageArchive} from './image-archive.js'
import {asObject, type JsonObject, progressLines} from './ndjson.js'
import {pauseImage} from './pause-image.js'
import {checkImage, pullReference} from './references.js'
import {type ImageJson, imageSeen} from './seen.js'
import type {Call, Wire} from './wire.js'

export async function image(wire: Wire, reference: string, signal: AbortSignal): Promise<ImageSeen | undefined> {
  const path = `/images/${encodeURIComponent(checkImage(reference))}/json`
  const {status, json} = await wire.ask({method: 'GET', path, accept: [404], deed: {kind: 'engine', what: 'describe an image'}, signal})
  return status === 404 ? undefined : imageSeen(json as ImageJson)
}

export async function pull(wire: Wire, reference: string, {credential, onProgress}: PullOptions, signal: AbortSignal): Promise<void> {
  const {repository, tagOrDigest} = pullReference(reference)
  const query = {fromImage: repository, tag: tagOrDigest}
  const call: Call = {
    method: 'POST',
    path: '/images/create',
    query,
    deed: {kind: 'pull', image: reference},
    signal,
    ...(credential ? {registryAuth: registryAuth(credential)} : {}),
  }
  for await (const line of wire.stream(call, progressLines)) onProgress(pullProgress(line))
}

export async function loadImage(wire: Wire, archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  const call: Call = {method: 'POST', path: '/images/load', query: {quiet: true}, upload: archive, deed: {kind: 'load'}, signal}
  // The engine tells what it loaded; only a failure matters, and that is thrown.
  for await (const _ of wire.stream(call, progressLines));
}

/** After it the image is there. */
export async function loadAssembled(wire: Wire, assembled: AssembledImage, signal: AbortSignal): Promise<void> {
  if (await image(wire, assembled.reference, signal)) return
  await loadImage(wire, imageArchive(assembled), signal)
}

/** 404: it is gone. 409: a container still needs it. */
export async function removeImage(wire: Wire, reference: string, signal: AbortSignal): Promise<void> {
  const path = `/images/${encodeURIComponent(checkImage(reference))}`
  await wire.ask({method: 'DELETE', path, accept: [404, 409], deed: {kind: 'engine', what: `remove image ${reference}`}, signal})
}

export async function tagImage(wire: Wire, imageId: string, reference: string, signal: AbortSignal): Promise<void> {
  const {repository, tagOrDigest} = pullReference(reference)
  const path = `/images/${encodeURIComponent(checkImage(imageId))}/tag`
  const deed = {kind: 'engine', what: `give image ${imageId} the name ${reference}`} as const
  const {status} = await wire.ask({method: 'POST', path, query: {repo: repository, tag: tagOrDigest}, accept: [404], deed, signal})
  if (status === 404)
    throw new NotFoundError('NoSuchImage', `Image ${imageId} is no longer on the host: nothing can be named ${quoted(reference)} after it.`)
}

/** After it the engine has the pause image of its own architecture. */
export async function loadPauseImage(wire: Wire, version: VersionJson, signal: AbortSignal): Promise<void> {
  if (await image(wire, PAUSE_IMAGE, signal)) return
  await loadImage(wire, pauseImage(version.Arch ?? ''), signal)
}

/**
 * What Docker's X-Registry-Auth header holds (Engine API, "Authentication", read 2026-11-26): base64 that fits a URL, filled up with `=`.
 * Node leaves those out, and Docker takes what lacks them for no credentials at all, without a word.
 */
function registryAuth(credential: RegistryCredential): string {
  const {serverAddress} = credential
  const said =
    'identityToken' in credential
      ? {identitytoken: credential.identityToken, serveraddress: serverAddress}
      : {username: credential.username, password: credential.password, serveraddress: serverAddress}
  return Buffer.from(JSON.stringify(said)).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

function pullProgress(line: JsonObject): PullProgress {
  const {current, total} = asObject(line['progressDetail'])
  return {
    status: String(line['status'] ?? ''),
    ...(typeof line['id'] === 'string' ? {layer: line['id']} : {}),
    ...(typeof current === 'number' ? {currentBytes: current} : {}),
    ...(typeof total === 'number' ? {totalBytes: total} : {}),
  }
}
