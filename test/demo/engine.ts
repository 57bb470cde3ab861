// The engine that the demo runs on: the one that answers here, otherwise a private one that goes with the demo.
import {existsSync} from 'node:fs'
import {request} from 'node:http'
import type {Readable} from 'node:stream'
import {startHosts} from '../support/hosts/start.js'
import {stopRun} from '../support/hosts/stop.js'

/** An engine for the demo. */
export interface DemoEngine {
  /** As DOCKER_HOST has it. */
  readonly address: string
  /** Where it comes from, for a person. */
  readonly origin: string
  /** A private engine ends without a trace; another one is left as it is. */
  end(): Promise<void>
}

/** What the engine answered. */
export interface Answer {
  readonly status: number
  readonly text: string
}

const DEFAULT_SOCKET = '/var/run/docker.sock'

/**
 * The engine of DOCKER_HOST, else the one behind the default socket, else a private one, for which Debian's packages are installed
 * when they are missing. Rejects when DOCKER_HOST is set and nothing answers there: a person's own words are not passed over.
 */
export async function findEngine(): Promise<DemoEngine> {
  const named = process.env.DOCKER_HOST
  if (named !== undefined && named !== '') {
    if (await answersAt(named)) return {address: named, origin: 'the engine of DOCKER_HOST', end: async () => {}}
    throw new Error(`No engine answers at DOCKER_HOST=${named} (the demo knows unix:// and plain tcp://).`)
  }
  const usual = `unix://${DEFAULT_SOCKET}`
  if (existsSync(DEFAULT_SOCKET) && (await answersAt(usual)))
    return {address: usual, origin: 'the engine of this machine', end: async () => {}}
  const hosts = await startHosts({names: []})
  return {
    address: `unix://${hosts.local.socketPath}`,
    origin: 'a private engine in a scratch folder, since none answers here',
    end: () => stopRun(hosts),
  }
}

/** Asks the engine one thing by its HTTP interface; rejects when it is not answered in full within `deadlineMs`. */
export function ask(
  address: string,
  method: string,
  path: string,
  options: {readonly body?: Readable; readonly deadlineMs?: number} = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(options.deadlineMs ?? 30_000)
    const asked = request({...endpoint(address), method, path, signal, headers: {host: 'docker'}}, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => resolve({status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString()}))
    })
    asked.on('error', reject)
    if (options.body) options.body.pipe(asked)
    else asked.end()
  })
}

async function answersAt(address: string): Promise<boolean> {
  try {
    return (await ask(address, 'GET', '/_ping', {deadlineMs: 3000})).status === 200
  } catch {
    // Nobody listens, or nobody who answers: either way there is no engine.
    return false
  }
}

function endpoint(address: string): {readonly socketPath: string} | {readonly host: string; readonly port: number} {
  const url = new URL(address)
  return url.protocol === 'unix:' ? {socketPath: url.pathname} : {host: url.hostname, port: Number(url.port || 2375)}
}
