// What an engine says of itself, all at once.
import type {InfoJson} from './facts.js'
import {asObject} from './ndjson.js'
import type {Wire} from './wire.js'

/** `what`: what it is asked to do, as its refusal would be told. */
export async function info(wire: Wire, what: string, signal: AbortSignal): Promise<InfoJson> {
  const {json} = await wire.ask({method: 'GET', path: '/info', deed: {kind: 'engine', what}, signal})
  return asObject(json) as InfoJson
}
