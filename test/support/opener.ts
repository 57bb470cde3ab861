// A program of its own that opens one connection and prints what came of it as a line of JSON. Tests run many at once.
// Words: address as JSON, runtime folder, ssh configuration, and how many milliseconds it may take.
import {KnownError} from '../../src/errors.js'
import type {HostAddress} from '../../src/model/host-address.js'
import {connectionsIn} from './connections.js'

export interface OpenerResult {
  readonly code?: string
  readonly path?: string
  readonly ms: number
}

async function open(words: readonly string[]): Promise<OpenerResult> {
  const [address = '', runtimeFolder = '', config = '', withinMs] = words
  const signal = withinMs === undefined ? new AbortController().signal : AbortSignal.timeout(Number(withinMs))
  const begun = performance.now()
  try {
    const endpoint = await connectionsIn(runtimeFolder, config).open(JSON.parse(address) as HostAddress, {}, signal)
    return {ms: performance.now() - begun, ...(endpoint.kind === 'socket' ? {path: endpoint.path} : {})}
  } catch (error) {
    return {code: error instanceof KnownError ? error.code : String(error), ms: performance.now() - begun}
  }
}

void open(process.argv.slice(2)).then((result) => process.stdout.write(`${JSON.stringify(result)}\n`))
