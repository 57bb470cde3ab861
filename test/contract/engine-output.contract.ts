// What every `Engine` promises of output, programs inside containers, and events.
import {expect} from 'chai'
import type {Engine, EngineEvent} from '../../src/world/engine.js'
import {aContainer, failureOf, firstOf, printed, soon, textOf} from '../support/specs.js'

export function engineOutputContract(title: string, engineOf: () => Engine): void {
  describe(`Engine, what it tells (${title})`, () => {
    const sh = (script: string) => aContainer(engineOf(), {command: ['sh', '-c', script]})

    describe('logs', () => {
      it('tell what went to either stream', async () => {
        const name = await sh('echo one; echo two >&2; echo three; exit 0')
        await engineOf().wait(name, soon())

        const chunks = await printed(engineOf().logs(name, {}, soon()))

        expect(textOf(chunks, 'stdout')).to.equal('one\nthree\n')
        expect(textOf(chunks, 'stderr')).to.equal('two\n')
      })

      it('give only the last lines when so asked', async () => {
        const name = await sh('echo one; echo two; echo three; exit 0')
        await engineOf().wait(name, soon())

        expect(textOf(await printed(engineOf().logs(name, {tail: 2}, soon())), 'stdout')).to.equal('two\nthree\n')
        expect(await printed(engineOf().logs(name, {tail: 0}, soon()))).to.deep.equal([])
      })

      it('tell of each message when it was taken, and are read from such a moment on, that very message included', async () => {
        const name = await sh('echo one; echo two; echo three; exit 0')
        await engineOf().wait(name, soon())

        const all = await printed(engineOf().logs(name, {}, soon()))
        const moments = all.map(({at = ''}) => at)
        for (const at of moments) expect(at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
        expect([...moments].sort()).to.deep.equal(moments)

        const [, second] = moments
        expect(textOf(await printed(engineOf().logs(name, {since: second ?? ''}, soon())), 'stdout')).to.equal('two\nthree\n')
      })

      it('follow until the container stops', async () => {
        const name = await sh('echo one; sleep 60')

        const all = printed(engineOf().logs(name, {follow: true}, soon()))
        await firstOf(engineOf().logs(name, {follow: true}, soon()))
        await engineOf().stop(name, 0, soon())

        expect(textOf(await all, 'stdout')).to.equal('one\n')
      })

      it('throw what their signal gives as reason', async () => {
        const name = await sh('echo one; sleep 60')
        const ends = new AbortController()
        const reason = new Error('enough')

        const failure = failureOf(
          (async () => {
            for await (const _ of engineOf().logs(name, {follow: true}, ends.signal)) ends.abort(reason)
          })(),
        )

        expect(await failure).to.equal(reason)
        await engineOf().remove(name, soon())
      })
    })

    describe('exec', () => {
      it('gives both streams and the exit code', async () => {
        const name = await sh('sleep 60')

        const session = await engineOf().exec(name, {command: ['sh', '-c', 'echo out; echo err >&2; exit 5']}, soon())
        const chunks = await printed(session.output)

        expect([textOf(chunks, 'stdout'), textOf(chunks, 'stderr'), await session.exitCode()]).to.deep.equal(['out\n', 'err\n', 5])
        await engineOf().remove(name, soon())
      })

      it('passes input on until its end', async () => {
        const name = await sh('sleep 60')

        const session = await engineOf().exec(name, {command: ['cat'], stdin: true}, soon())
        await session.write(Buffer.from('some words\n'))
        session.end()

        expect(textOf(await printed(session.output), 'stdout')).to.equal('some words\n')
        expect(await session.exitCode()).to.equal(0)
        await engineOf().remove(name, soon())
      })

      it('is refused in a container that does not run', async () => {
        const name = await sh('exit 0')
        await engineOf().wait(name, soon())

        expect(await failureOf(engineOf().exec(name, {command: ['sh']}, soon()))).to.have.property('code', 'ContainerNotRunning')
      })
    })

    it('tells the events since a moment, in their order', async () => {
      const since = new Date(Date.now() - 1).toISOString()
      const name = await sh('exit 0')
      await engineOf().wait(name, soon())
      const mine: EngineEvent[] = []

      for await (const event of engineOf().events({since}, soon())) {
        if (event.attributes['name'] === name) mine.push(event)
        if (mine.at(-1)?.action === 'die') break
      }

      expect(mine.map((event) => `${event.type} ${event.action}`)).to.deep.equal(['container create', 'container start', 'container die'])
    })
  })
}
