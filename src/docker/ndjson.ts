// Docker's progress and event streams: one JSON object a line.
import {GarbledStream, ToldInStream} from './garbled.js'

export type JsonObject = Readonly<Record<string, unknown>>

/** The objects of `source`, in order, whatever pieces the bytes come in. Throws `GarbledStream` on a line that is no JSON object. */
export async function* jsonLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<JsonObject> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of source) {
    const lines = (rest + decoder.decode(piece, {stream: true})).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter(isFilled).map(parseObject)
  }
  rest += decoder.decode()
  if (isFilled(rest)) yield parseObject(rest)
}

/**
 * The progress of a pull, a push or a load. Docker has answered 200 by then, so a failure comes as a line of its own:
 * it is thrown as `ToldInStream` with the engine's words.
 */
export async function* progressLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<JsonObject> {
  for await (const line of jsonLines(source)) {
    const said = line['error'] ?? asObject(line['errorDetail'])['message']
    if (said !== undefined) throw new ToldInStream(String(said))
    yield line
  }
}

/** `value` when it is an object, else an empty one. */
export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

function parseObject(line: string): JsonObject {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch (cause) {
    throw new GarbledStream('a line of the answer is not JSON', {cause})
  }
  throw new GarbledStream('a line of the answer is no JSON object')
}

function isFilled(line: string): boolean {
  return line.trim() !== ''
}
