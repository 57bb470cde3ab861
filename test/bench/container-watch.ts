// What the engines say of their containers, as they say it: the bench asks nothing while it measures.
import {type ClientRequest, type IncomingMessage, request} from 'node:http'
import {createInterface} from 'node:readline'
import type {TestHost} from '../support/hosts/test-hosts.js'

const EVENTS = {type: ['container'], event: ['create', 'start', 'die', 'destroy']}

/** The containers of all hosts at one moment, by Docker's word. */
export interface ContainersSeen {
  /** The host of each that runs, by its id; the one that was started last is the last. */
  readonly running: ReadonlyMap<string, TestHost>
  /** Each that exists, whether it runs or not. */
  readonly there: ReadonlySet<string>
}

interface ContainerEvent {
  readonly Action: string
  readonly Actor: {readonly ID: string}
}

/** Follows the events of some hosts that have no container when it begins. */
export class ContainerWatch implements ContainersSeen {
  readonly running = new Map<string, TestHost>()
  readonly there = new Set<string>()
  readonly #asked: ClientRequest[] = []
  readonly #waiting = new Set<() => void>()

  private constructor(private readonly signal: AbortSignal) {}

  /** Comes back when every engine has begun to tell. An abort of `signal` ends all waiting. */
  static async open(hosts: readonly TestHost[], signal: AbortSignal): Promise<ContainerWatch> {
    const watch = new ContainerWatch(signal)
    await Promise.all(hosts.map((host) => watch.#follow(host)))
    return watch
  }

  /** Comes back in the very moment in which it is so; rejects after `deadlineMs`, or when the bench is interrupted. */
  until(what: string, isSo: (seen: ContainersSeen) => boolean, deadlineMs = 180_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (conclude: () => void) => {
        clearTimeout(timer)
        this.signal.removeEventListener('abort', interrupted)
        this.#waiting.delete(look)
        conclude()
      }
      const told = () => `${what}: ${this.running.size} run of the ${this.there.size} there are`
      const timer = setTimeout(() => end(() => reject(new Error(`Waited ${deadlineMs} ms in vain for ${told()}.`))), deadlineMs)
      const interrupted = () => end(() => reject(new Error(`Interrupted while waiting for ${told()}.`)))
      const look = () => isSo(this) && end(resolve)
      this.signal.addEventListener('abort', interrupted)
      this.#waiting.add(look)
      if (this.signal.aborted) interrupted()
      else look()
    })
  }

  close(): void {
    for (const asked of this.#asked) asked.destroy()
  }

  async #follow(host: TestHost): Promise<void> {
    const path = `/events?filters=${encodeURIComponent(JSON.stringify(EVENTS))}`
    const asked = request({path, socketPath: host.socketPath})
    this.#asked.push(asked)
    asked.end()
    const answer = await new Promise<IncomingMessage>((resolve, reject) => asked.once('response', resolve).once('error', reject))
    const lines = createInterface({input: answer})
    // It is closed from this side, or its host ends.
    for (const source of [asked, answer, lines]) source.on('error', () => undefined)
    lines.on('line', (line) => this.#heard(host, JSON.parse(line) as ContainerEvent))
  }

  #heard(host: TestHost, {Action, Actor: {ID: id}}: ContainerEvent): void {
    if (Action === 'create') this.there.add(id)
    if (Action === 'start') this.running.set(id, host)
    if (Action === 'die' || Action === 'destroy') this.running.delete(id)
    if (Action === 'destroy') this.there.delete(id)
    for (const look of this.#waiting) look()
  }
}
