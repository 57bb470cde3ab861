// What every test of bad input stands on: a session, and what must not have changed after a refusal.
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import {request} from 'node:http'
import {expect} from 'chai'
import {loadHosts} from '../../support/hosts/descriptor.js'
import {allHosts, type TestHosts} from '../../support/hosts/test-hosts.js'
import {openSession, type Ran, type Session} from '../../support/session.js'

/** How a refusal must look. */
export interface Refused {
  readonly code: string
  readonly exitCode: number
  /** In the message; matched against the whole of it. */
  readonly said: RegExp | string
  /** In one of the suggestions. */
  readonly suggests?: RegExp | string
}

/** The error of the one document that `--json` prints. */
interface ErrorJson {
  readonly code: string
  readonly message: string
  readonly suggestions: readonly string[]
  readonly exitCode: number
}

/** A person's session on the test hosts, with cluster `prod`. */
export class Scene {
  private constructor(
    readonly session: Session,
    readonly hosts: TestHosts,
  ) {}

  /** With these hosts joined: `local`, or the name of an SSH host. */
  static async open(instances: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Scene> {
    const scene = new Scene(await openSession(env), loadHosts())
    await scene.session.json('cluster', 'create', 'prod')
    for (const name of instances) await scene.session.json('instance', 'join', name === 'local' ? name : `ssh://${name}`, '--name', name)
    return scene
  }

  /** What a refusal may not change: the bytes of the state, the files beside it, and containers and volumes of every host. */
  async facts(): Promise<Facts> {
    const hosts = await Promise.all(allHosts(this.hosts).map(async (host) => [host.name, await holdings(host.socketPath)] as const))
    return {files: filesIn(this.session.folder), hosts: Object.fromEntries(hosts), state: this.stateText()}
  }

  /** The text of the state file and its journal; `undefined` where there is none. */
  stateText(): string | undefined {
    const {stateFile} = this.session
    const files = [stateFile, `${stateFile}.journal`].filter((file) => existsSync(file) && statSync(file).isFile())
    return files.length === 0 ? undefined : files.map((file) => readFileSync(file, 'latin1')).join('')
  }

  close(): Promise<void> {
    return this.session.close()
  }
}

interface Facts {
  readonly files: readonly string[]
  readonly hosts: Readonly<Record<string, string>>
  readonly state: string | undefined
}

/**
 * Runs `words` in plain words and with `--json`: both are refused as told, and state, files and hosts are as before.
 * Returns the error as JSON.
 */
export async function expectRefused(
  scene: Scene,
  words: readonly string[],
  refused: Refused,
  options: RunOptions = {},
): Promise<ErrorJson> {
  const before = await scene.facts()
  const [plain, json] = await Promise.all([run(scene, words, options), run(scene, asJson(words), options)])
  const error = expectBoth(plain, json, refused)
  expect(await scene.facts(), 'state, files and hosts').to.deep.equal(before)
  return error
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Ends stdin at once unless it is held open. */
  readonly stdin?: 'pipe'
}

/** As `expectRefused`, for a refusal that leaves something behind, such as the record of a task that did not start. */
export async function expectRefusal(
  scene: Scene,
  words: readonly string[],
  refused: Refused,
  options: RunOptions = {},
): Promise<ErrorJson> {
  const plain = await run(scene, words, options)
  return expectBoth(plain, await run(scene, asJson(words), options), refused)
}

/** What was told in words and as JSON is the refusal. */
function expectBoth(plain: Ran, json: Ran, refused: Refused): ErrorJson {
  expectTold(plain, refused)
  const error = errorOf(json)
  expect(error).to.include({code: refused.code, exitCode: refused.exitCode})
  expectSentence(error.message, refused.said)
  const tries = plain.stderr.split('\n').filter((line) => line.startsWith('  try: '))
  expect(tries, 'suggestions in words').to.have.length(error.suggestions.length)
  if (refused.suggests !== undefined) expect(error.suggestions.join('\n')).to.match(pattern(refused.suggests))
  return error
}

/** The error in the one document on stdout; stderr is silent. */
function errorOf(ran: Ran): ErrorJson {
  expect(ran.stderr, 'stderr under --json').to.equal('')
  const {error} = JSON.parse(ran.stdout) as {readonly error: ErrorJson}
  expect(error).to.have.all.keys('code', 'message', 'suggestions', 'exitCode')
  expect(ran.exitCode, 'the exit code').to.equal(error.exitCode)
  return error
}

/** The words with `--json` before any `--`. */
function asJson(words: readonly string[]): readonly string[] {
  const cut = words.indexOf('--')
  return cut < 0 ? [...words, '--json'] : [...words.slice(0, cut), '--json', ...words.slice(cut)]
}

async function run(scene: Scene, words: readonly string[], options: RunOptions): Promise<Ran> {
  const {exitCode, stderr, stdout} = await scene.session.start(words, options)
  return {exitCode, stderr: String(stderr), stdout: String(stdout)}
}

function expectTold({exitCode, stderr, stdout}: Ran, refused: Refused): void {
  expect({exitCode, stdout}, stderr).to.deep.equal({exitCode: refused.exitCode, stdout: ''})
  expect(stderr, 'nothing but text reaches the terminal').to.match(/^[^\p{Cc}\p{Cf}\n]+(\n[^\p{Cc}\p{Cf}\n]+)*$/u)
  const [, message = ''] = /(?:^|\n)berth: (.*?)(?=\n {2}try: |$)/s.exec(stderr) ?? []
  expectSentence(message, refused.said)
}

/** One full sentence; the reasons of a placement follow it, a line an instance. */
function expectSentence(message: string, said: RegExp | string): void {
  expect(message).to.match(pattern(said))
  const [sentence = '', ...reasons] = message.split('\n')
  expect(sentence).to.match(/^[\p{Lu}\d"].*[.?]$/u)
  for (const reason of reasons) expect(reason).to.match(/^\S+: \S/)
}

function pattern(text: RegExp | string): RegExp {
  return typeof text === 'string' ? new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')) : text
}

/** Paths below the folder, but for sockets, locks, what ssh keeps in the runtime folder, and records of placements: refused runs are kept too. */
function filesIn(folder: string): readonly string[] {
  const all = readdirSync(folder, {encoding: 'utf8', recursive: true})
  return all.filter((path) => !path.startsWith('run/') && !path.endsWith('.lock') && !/(^|\/)placements(\/|$)/.test(path)).sort()
}

/** Containers with their status, and volumes, as the engine tells them beside Berth; `no answer` where it gives none. */
async function holdings(socketPath: string): Promise<string> {
  try {
    const containers = (await get(socketPath, '/containers/json?all=1')) as readonly {readonly Id: string; readonly State: string}[]
    const {Volumes} = (await get(socketPath, '/volumes')) as {readonly Volumes: readonly {readonly Name: string}[] | null}
    const lines = [...containers.map(({Id, State}) => `${Id} ${State}`), ...(Volumes ?? []).map(({Name}) => `volume ${Name}`)]
    return lines.sort().join('\n')
  } catch (error) {
    // An engine that a test has killed or frozen holds what it held; how its socket refuses depends on the moment.
    if (error instanceof Error && 'code' in error) return 'no answer'
    throw error
  }
}

function get(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request({path, socketPath, timeout: 1000}, async (response) => {
      const pieces: Buffer[] = []
      for await (const piece of response) pieces.push(piece)
      resolve(JSON.parse(Buffer.concat(pieces).toString()))
    })
    asked.on('timeout', () => asked.destroy(Object.assign(new Error('silent'), {code: 'silent'})))
    asked.on('error', reject)
    asked.end()
  })
}
