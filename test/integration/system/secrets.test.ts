// Values of secrets from real variables, files and programs; and that no error tells any of one.
import {mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {execa} from 'execa'
import {expect} from 'chai'
import {InvalidInputError, KnownError, NotFoundError} from '../../../src/errors.js'
import type {SecretSource} from '../../../src/model/secret-source.js'
import {SystemSecrets} from '../../../src/system/secrets.js'
import {failureOf} from '../../support/specs.js'

const HIDDEN = 'hunter2'
const PATH = process.env['PATH'] ?? ''

describe('SystemSecrets', () => {
  let folder: string
  const {signal} = new AbortController()
  const secrets = new SystemSecrets({PATH, PASSWORD: HIDDEN, EMPTY: '', TWO_LINES: 'a\nb\n'})
  const read = (source: SecretSource) => secrets.read(source, signal)
  const file = async (bytes: string | Uint8Array) => {
    const path = join(folder, 'file')
    await writeFile(path, bytes)
    return {kind: 'file', path} as const
  }
  const program = (...words: [string, ...string[]]) => ({kind: 'exec', words}) as const
  const shell = (script: string) => program('sh', '-c', script)

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-secrets-'))
  })

  after(() => rm(folder, {recursive: true, force: true}))

  /** The failure, which tells none of the value whichever way it is shown. */
  async function failureWithout(hidden: string, source: SecretSource): Promise<KnownError> {
    const error = await failureOf(read(source))
    expect(error).to.be.instanceOf(KnownError)
    const {cause, message, stack, suggestions} = error as KnownError
    expect([message, stack, ...suggestions, String((cause as Error | undefined)?.stack)].join('\n')).to.not.contain(hidden)
    expect(suggestions, 'what helps').to.not.be.empty
    return error as KnownError
  }

  describe('of a variable', () => {
    it('are its value as it stands, an empty one too', async () => {
      expect(await read({kind: 'env', variable: 'PASSWORD'})).to.equal(HIDDEN)
      expect(await read({kind: 'env', variable: 'EMPTY'})).to.equal('')
      expect(await read({kind: 'env', variable: 'TWO_LINES'})).to.equal('a\nb\n')
    })

    it('are missing where it is not set, whatever objects have by nature', async () => {
      for (const variable of ['ABSENT', 'toString']) {
        const error = await failureWithout(HIDDEN, {kind: 'env', variable})
        expect(error).to.be.instanceOf(NotFoundError).and.to.include({code: 'SecretNotFound', exitCode: 3})
        expect(error.message).to.include(`"${variable}"`)
      }
    })
  })

  describe('of a file', () => {
    for (const [text, value] of [
      [HIDDEN, HIDDEN],
      [`${HIDDEN}\n`, HIDDEN],
      [`${HIDDEN}\r\n`, HIDDEN],
      [`\ufeff a\n${HIDDEN} \n\n`, `\ufeff a\n${HIDDEN} \n`],
      ['', ''],
      ['größe', 'größe'],
      ['x'.repeat(65_536), 'x'.repeat(65_536)],
    ] as const)
      it(`are all of ${JSON.stringify(text.slice(0, 20))} but one newline`, async () =>
        expect(await read(await file(text))).to.equal(value))

    it('are missing where there is none, or what is no file', async () => {
      await symlink('/nowhere', join(folder, 'dangling'))
      await mkdir(join(folder, 'a folder'))
      await symlink('/dev/zero', join(folder, 'endless'))
      for (const name of ['none', 'dangling', 'a folder', 'endless']) {
        const error = await failureWithout(HIDDEN, {kind: 'file', path: join(folder, name)})
        expect(error).to.include({code: 'SecretNotFound', exitCode: 3})
        expect(error.message).to.include(join(folder, name))
      }
    })

    for (const [what, bytes, code] of [
      ['a NUL character', `${HIDDEN}\0`, 'InvalidSecret'],
      ['more than 64 KiB', HIDDEN.repeat(10_000), 'InvalidSecret'],
      ['bytes that are no text', Buffer.from([...Buffer.from(HIDDEN), 0xff, 0xfe]), 'NotText'],
    ] as const)
      it(`are refused for ${what}, untold`, async () => {
        const error = await failureWithout(HIDDEN, await file(bytes))
        expect(error).to.be.instanceOf(InvalidInputError).and.to.include({code})
      })
  })

  describe('of a program', () => {
    it('are what it prints, less one newline; its words reach it as they stand, and nothing on stdin', async () => {
      expect(await read(program('printf', '%s|', 'two words', '$HOME', '*', "it's"))).to.equal("two words|$HOME|*|it's|")
      expect(await read(shell('cat; echo "$PASSWORD"; echo'))).to.equal(`${HIDDEN}\n`)
    })

    it('leave out what it says on stderr, however much that is', async () =>
      expect(await read(shell(`head -c 300000 /dev/zero | tr '\\0' e >&2; echo ${HIDDEN}`))).to.equal(HIDDEN))

    it('are missing where it fails, whose output goes nowhere', async () => {
      const path = join(folder, 'fails')
      await writeFile(path, `#!/bin/sh\necho ${HIDDEN}; echo ${HIDDEN} >&2; exit 9\n`, {mode: 0o755})
      const error = await failureWithout(HIDDEN, program(path))
      expect(error).to.include({code: 'SecretNotFound', exitCode: 3})
      expect(error.message).to.include(path).and.to.include('it ended with 9')
      expect((await failureWithout(HIDDEN, shell(`echo ${'hunter""2'}; kill -TERM $$`))).message).to.include('it ended with SIGTERM')
    })

    it('are missing where there is no such program, or one that may not be run', async () => {
      expect((await failureWithout(HIDDEN, program('no-such-program'))).message).to.include('there is no such program')
      await writeFile(join(folder, 'plain'), '', {mode: 0o644})
      expect((await failureWithout(HIDDEN, program(join(folder, 'plain')))).message).to.include('it may not be run')
    })

    for (const [what, script, code] of [
      ['a NUL character', "printf 'hunter%d\\0' 2", 'InvalidSecret'],
      ['more than 64 KiB', "yes 'hunter''2'", 'InvalidSecret'],
      ['bytes that are no text', "printf 'hunter%d\\377' 2", 'NotText'],
    ] as const)
      it(`are refused for ${what}, untold`, async () => {
        expect(await failureWithout(HIDDEN, shell(script)))
          .to.be.instanceOf(InvalidInputError)
          .and.to.include({code})
      })

    it('are given up when it does not end in time, also by what it leaves behind', async () => {
      const hasty = new SystemSecrets({PATH}, 300)
      for (const script of ['exec sleep 20', 'sleep 20 & echo hunter2', 'sleep 20 & exec sleep 20']) {
        const error = await failureOf(hasty.read(shell(script), signal))
        expect(error, script).to.include({code: 'SecretNotFound'})
        expect(error.message).to.include('it did not end in time').and.not.to.include(HIDDEN)
      }
    })

    it('are given up when the command must end', async () => {
      const controller = new AbortController()
      const reading = secrets.read(program('sleep', '60'), controller.signal)
      controller.abort(new Error('over'))
      expect(await failureOf(reading)).to.have.property('message', 'over')
    })

    it('stay untold by what programs are debugged with', async () => {
      const script = [
        `const {SystemSecrets} = await import('${new URL('../../../src/system/secrets.ts', import.meta.url)}')`,
        "const value = await new SystemSecrets(process.env).read({kind: 'exec', words: ['printf', 'hunter%d', '2']}, new AbortController().signal)",
        'process.stdout.write(String(value.length))',
      ].join('\n')
      const {all} = await execa(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        all: true,
        env: {DEBUG: '*', NODE_DEBUG: 'execa'},
      })
      expect(all).to.equal('7')
    })
  })

  it('of AWS have no value here', async () => {
    const error = await failureWithout(HIDDEN, {kind: 'aws', reference: '/prod/db'})
    expect(error).to.include({code: 'SecretNotFound', exitCode: 3})
    expect(error.message).to.include('/prod/db')
  })
})
