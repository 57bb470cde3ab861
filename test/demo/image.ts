// The image that the demo's tasks run: alpine where the engine has it or a registry answers, otherwise busybox made on the spot.
import {createReadStream} from 'node:fs'
import {packBusybox} from '../support/hosts/images.js'
import {ensurePackages} from '../support/hosts/packages.js'
import {ask} from './engine.js'

/** An image on the demo's engine. */
export interface DemoImage {
  readonly name: string
  /** Where it comes from, for a person. */
  readonly origin: string
  /** Removes it, if the demo brought it. */
  remove(): Promise<void>
}

const PULL_DEADLINE_MS = 20_000
const MADE = 'berth-demo:1'

/** An image with a shell is on the engine; `folder` takes what must be made for it. */
export async function findImage(address: string, folder: string): Promise<DemoImage> {
  if (await isThere(address, 'alpine:3')) return {name: 'alpine:3', origin: 'already on the engine', remove: async () => {}}
  await pull(address)
  if (await isThere(address, 'alpine:3')) return {name: 'alpine:3', origin: 'pulled', remove: () => removeImage(address, 'alpine:3')}
  await ensurePackages(['busybox-static'])
  await importImage(address, await packBusybox(folder))
  return {name: MADE, origin: 'made from busybox, since no registry answers', remove: () => removeImage(address, MADE)}
}

async function isThere(address: string, image: string): Promise<boolean> {
  return (await ask(address, 'GET', `/images/${image}/json`)).status === 200
}

/** Asks for the image; whether it came is seen on the engine, which tells of a failed pull inside an answer of 200. */
async function pull(address: string): Promise<void> {
  try {
    await ask(address, 'POST', '/images/create?fromImage=alpine&tag=3', {deadlineMs: PULL_DEADLINE_MS})
  } catch {
    // No registry answered in time: the image is made instead.
  }
}

async function importImage(address: string, tar: string): Promise<void> {
  const [repo, tag] = MADE.split(':')
  const query = new URLSearchParams({fromSrc: '-', repo: repo ?? '', tag: tag ?? ''})
  for (const change of ['CMD ["sh"]', 'ENV PATH=/bin']) query.append('changes', change)
  const {status, text} = await ask(address, 'POST', `/images/create?${query}`, {body: createReadStream(tar)})
  if (status !== 200 || !(await isThere(address, MADE))) throw new Error(`The engine did not take the image: ${text.trim()}`)
}

async function removeImage(address: string, image: string): Promise<void> {
  await ask(address, 'DELETE', `/images/${image}?force=1`)
}
