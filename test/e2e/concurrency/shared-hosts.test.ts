// A host that somebody else works on for long: who wants it meanwhile waits, is told for whom, and takes it when that one is gone.
import {type ChildProcess, spawn} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import type {State} from '../../../src/model/state.js'
import {Stage} from '../session/stage.js'

const HOLDER = fileURLToPath(new URL('../../support/lock-holder.ts', import.meta.url))

describe('a host that somebody else works on', function () {
  this.timeout(60_000)
  let stage: Stage
  let holder: ChildProcess | undefined

  beforeEach(async () => {
    stage = await Stage.open(['web1', 'local'])
  })

  afterEach(async () => {
    holder?.kill('SIGKILL')
    await stage.close()
  })

  /** Another person's process that holds the lock of the instance on its host; it dies by SIGKILL. */
  async function held(name: string): Promise<void> {
    const {instances} = await stage.session.json<State>('state', 'show')
    const {address, id = ''} = Object.values(instances).find((one) => one.name === name) ?? {}
    const words = [JSON.stringify(address), `${stage.session.folder}/other`, stage.hosts.sshConfigFile, id]
    const child = spawn(process.execPath, ['--import', 'tsx', HOLDER, ...words], {stdio: ['ignore', 'pipe', 'inherit']})
    holder = child
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', (said: Buffer) => (/^\d+\n/.test(String(said)) ? resolve() : reject(new Error(String(said)))))
    })
  }

  for (const name of ['web1', 'local'])
    it(`does not leave meanwhile, and leaves once that one is gone (${name})`, async () => {
      await held(name)

      const refused = await stage.session.berth('instance', 'leave', name, '--wait-lock', '1', '--json')
      const waiting = stage.session.start(['instance', 'leave', name, '--wait-lock', '30s'])
      let told = ''
      await new Promise<void>((resolve) =>
        waiting.stderr?.on('data', (bytes: Buffer) => {
          told += String(bytes)
          if (told.includes('waiting for')) resolve()
        }),
      )
      holder?.kill('SIGKILL')
      const {exitCode} = await waiting

      expect(refused.exitCode).to.equal(4)
      expect(JSON.parse(refused.stdout).error).to.include({code: 'HostLocked'})
      expect(JSON.parse(refused.stdout).error.message).to.match(
        /^Instance ".*" is one that worker@there holds with "berth instance leave" since /,
      )
      expect(told).to.contain(`waiting for ${name}, which worker@there holds with "berth instance leave" since `)
      expect(exitCode).to.equal(0)
      expect(await stage.session.text('instance', 'list', '-q')).not.to.contain(name)
    })
})
