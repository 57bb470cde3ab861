// What every `Engine` promises of volumes, files in containers, images that are handed to it, health, and what containers use.
import {expect} from 'chai'
import {pack} from 'tar-stream'
import {volumeLabels} from '../../src/docker/labels.js'
import {pauseImage} from '../../src/docker/pause-image.js'
import {PAUSE_IMAGE} from '../../src/model/run-document.js'
import type {Engine, EngineEvent} from '../../src/world/engine.js'
import {entriesOf} from '../support/fake-holdings.js'
import {waitUntil} from '../support/hosts/programs.js'
import {anId} from '../support/build.js'
import {TEST_CLUSTER} from '../support/engine.js'
import {aContainer, aSpec, collect, failureOf, soon} from '../support/specs.js'

export function engineHoldingsContract(title: string, engineOf: () => Engine): void {
  describe(`Engine, what it holds (${title})`, () => {
    const lasting = () => aContainer(engineOf(), {command: ['sh', '-c', 'sleep 60'], memoryMiB: 32})

    it('tells what a program is given, also of one that has not begun, and nothing where there is none', async () => {
      const environment = [
        {name: 'A', value: 'x=y'},
        {name: 'EMPTY', value: ''},
      ]
      const spec = aSpec({environment})
      await engineOf().create(spec, soon())

      expect(await engineOf().environment(spec.name, soon())).to.include.deep.members(environment)
      await engineOf().remove(spec.name, soon())
      expect(await engineOf().environment(spec.name, soon())).to.deep.equal([])
    })

    describe('a record', () => {
      const record = {
        kind: 'definition',
        clusterId: anId(2),
        name: 'web:3',
        generation: 7,
        version: 3,
        record: {family: 'web', said: 'ö"\n'},
      } as const
      const found = async () => (await engineOf().keptRecords(soon())).filter(({clusterId}) => clusterId === record.clusterId)

      it('is kept beside those of other names and generations until it is dropped, and is no mark of an instance', async () => {
        const marks = await engineOf().marks(soon())
        const others = [
          {...record, name: 'web:4'},
          {...record, generation: 8},
          {...record, kind: 'family', name: 'f'.repeat(255)},
        ] as const
        for (const one of [record, ...others]) await engineOf().keepRecord(one, soon())

        expect(await found()).to.have.deep.members([record, ...others])
        expect(await engineOf().marks(soon())).to.deep.equal(marks)

        await engineOf().dropRecord(record, soon())
        await engineOf().dropRecord(record, soon())
        expect(await found()).to.have.deep.members([...others])
        for (const one of others) await engineOf().dropRecord(one, soon())
        expect(await found()).to.deep.equal([])
      })

      it('takes the place of another of its name and generation', async () => {
        await engineOf().keepRecord(record, soon())
        await engineOf().keepRecord({...record, record: {family: 'web', said: 'another'}}, soon())

        expect(await found()).to.deep.equal([{...record, record: {family: 'web', said: 'another'}}])
        await engineOf().dropRecord(record, soon())
      })
    })

    describe('a volume', () => {
      const spec = {name: 'berth-contract-volume', driver: 'local', driverOptions: {}, labels: {kept: 'yes'}}

      it('is there once it is made, as it was made first, until it is removed', async () => {
        await engineOf().createVolume(spec, soon())
        await engineOf().createVolume({...spec, labels: {kept: 'no'}}, soon())

        expect(await engineOf().volume(spec.name, soon())).to.deep.equal(spec)
        await engineOf().removeVolume(spec.name, soon())
        await engineOf().removeVolume(spec.name, soon())
        expect(await engineOf().volume(spec.name, soon())).to.equal(undefined)
      })

      it('is not made with options that its driver does not know', async () => {
        expect(await failureOf(engineOf().createVolume({...spec, driverOptions: {berth: 'none'}}, soon()))).to.have.property(
          'code',
          'CannotCreateVolumeError',
        )
      })

      it('keeps what is in it from one container to the next, and is not removed while one has it', async () => {
        await engineOf().createVolume(spec, soon())
        const first = await aContainer(engineOf(), {binds: [`${spec.name}:/data`]})

        const failure = await failureOf(engineOf().removeVolume(spec.name, soon()))
        expect(failure).to.have.property('code', 'VolumeInUse')
        expect(failure.message).to.contain(spec.name)
        await engineOf().remove(first, soon())
        await engineOf().removeVolume(spec.name, soon())
      })

      it('that comes and goes with a task says whose it is, and is no mark of an instance', async () => {
        const owner = {cluster: TEST_CLUSTER, clusterId: anId(2), instanceId: anId(3), taskId: anId(4)}
        const before = await engineOf().marks(soon())

        await engineOf().createVolume({...spec, owner}, soon())

        expect((await engineOf().volume(spec.name, soon()))?.labels).to.deep.equal({kept: 'yes', ...volumeLabels(owner)})
        expect(await engineOf().marks(soon())).to.deep.equal(before)
        await engineOf().removeVolume(spec.name, soon())
      })
    })

    describe('files', () => {
      it('that are put in come out as they were', async () => {
        const name = await lasting()
        const text = 'what was put in\n'.repeat(1000)

        await engineOf().putArchive(name, '/tmp', tarOf({'note.txt': text}), soon())

        expect(await engineOf().pathSeen(name, '/tmp/note.txt', soon())).to.deep.equal({
          name: 'note.txt',
          sizeBytes: text.length,
          isDirectory: false,
        })
        expect((await engineOf().pathSeen(name, '/tmp', soon()))?.isDirectory).to.equal(true)
        const entries = await entriesOf(engineOf().getArchive(name, '/tmp/note.txt', soon()))
        expect(entries.get('note.txt')?.toString()).to.equal(text)
        await engineOf().remove(name, soon())
      })

      it('that are not there are told so, and nothing is put where nothing is', async () => {
        const name = await lasting()

        expect(await engineOf().pathSeen(name, '/tmp/none', soon())).to.equal(undefined)
        expect(await failureOf(collect(engineOf().getArchive(name, '/tmp/none', soon())))).to.have.property('code', 'NoSuchPath')
        expect(await failureOf(engineOf().putArchive(name, '/none', tarOf({a: 'a'}), soon()))).to.have.property('code', 'NoSuchPath')
        await engineOf().remove(name, soon())
      })
    })

    describe('an image', () => {
      it('that is handed over is there under its name, also a second time', async () => {
        await engineOf().loadImage(pauseImage('amd64'), soon())
        await engineOf().loadPauseImage(soon())

        expect(await engineOf().image(PAUSE_IMAGE, soon())).to.not.equal(undefined)
      })

      it('that is none is refused', async () => {
        expect(await failureOf(engineOf().loadImage(tarOf({'a.txt': 'a'}), soon()))).to.have.property('code', 'CannotLoadImage')
      })
    })

    describe('health', () => {
      const check = (program: string) => ({
        test: ['CMD-SHELL', program],
        intervalSeconds: 1,
        timeoutSeconds: 1,
        retries: 1,
        startPeriodSeconds: 0,
      })
      for (const [program, health] of [
        ['true', 'healthy'],
        ['false', 'unhealthy'],
      ] as const)
        it(`is ${health} where the check says ${program}, in a look, in a listing and as an event`, async () => {
          const events: EngineEvent[] = []
          const listening = new AbortController()
          const heard = (async () => {
            for await (const event of engineOf().events({}, listening.signal)) events.push(event)
          })().catch(() => {})
          const name = await aContainer(engineOf(), {command: ['sh', '-c', 'sleep 60'], healthCheck: check(program)})

          await waitUntil(`${name} to be ${health}`, async () => (await engineOf().inspect(name, soon()))?.health === health)
          const listed = (await engineOf().list(soon())).find((one) => one.name === name)

          expect(listed?.health).to.equal(health)
          await waitUntil('the event', () =>
            events.some(({action, attributes}) => action === `health_status: ${health}` && attributes['name'] === name),
          )
          listening.abort()
          await heard
          await engineOf().remove(name, soon())
        })

      it('is not told of a container without a check', async () => {
        const name = await lasting()

        expect(await engineOf().inspect(name, soon())).to.not.have.property('health')
        await engineOf().remove(name, soon())
      })
    })

    it('tells what a running container uses, and its processes; of one that has ended nothing', async () => {
      const name = await lasting()

      const [reading, ...others] = await collect(engineOf().usage(name, {once: true}, soon()))
      const {processes, titles} = await engineOf().processes(name, soon())
      expect(others).to.deep.equal([])
      expect(reading?.memoryBytes).to.be.greaterThan(0)
      expect(reading?.memoryLimitBytes).to.equal(32 * 1024 * 1024)
      expect(reading?.processCount).to.be.greaterThan(0)
      expect(titles).to.include('PID')
      expect(processes.flat().join(' ')).to.contain('sleep')

      await engineOf().stop(name, 0, soon())
      expect(await collect(engineOf().usage(name, {once: true}, soon()))).to.deep.equal([])
      expect(await failureOf(engineOf().processes(name, soon()))).to.have.property('code', 'ContainerNotRunning')
      await engineOf().remove(name, soon())
    })

    it('tells what a container uses again and again, until it stops', async () => {
      const name = await lasting()
      let readings = 0

      for await (const reading of engineOf().usage(name, {once: false}, soon())) {
        expect(reading.at).to.match(/^\d{4}-\d\d-\d\dT/)
        readings += 1
        if (readings === 1) await engineOf().stop(name, 0, soon())
      }

      expect(readings).to.be.greaterThan(0)
      await engineOf().remove(name, soon())
    })

    it('has nothing to tell of a container that is not there', async () => {
      const none = 'berth-docker-test-none'

      expect(await failureOf(collect(engineOf().usage(none, {once: true}, soon())))).to.have.property('code', 'NoSuchContainer')
      expect(await failureOf(engineOf().processes(none, soon()))).to.have.property('code', 'NoSuchContainer')
      expect(await engineOf().pathSeen(none, '/tmp', soon())).to.equal(undefined)
      expect(await failureOf(collect(engineOf().getArchive(none, '/tmp', soon())))).to.have.property('code', 'NoSuchContainer')
      expect(await failureOf(engineOf().putArchive(none, '/tmp', tarOf({a: 'a'}), soon()))).to.have.property('code', 'NoSuchContainer')
    })

    it('changes the size of a terminal, and does no harm where there is none', async () => {
      const terminal = await aContainer(engineOf(), {command: ['sh', '-c', 'sleep 60'], terminal: true})
      const plain = await lasting()

      for (const name of [terminal, plain, 'berth-docker-test-none']) await engineOf().resize(name, 80, 24, soon())

      expect(await engineOf().inspect(terminal, soon())).to.include({terminal: true, status: 'running'})
      expect(await engineOf().inspect(plain, soon())).to.include({terminal: false, status: 'running'})
      for (const name of [terminal, plain]) await engineOf().remove(name, soon())
    })
  })
}

async function* tarOf(files: Readonly<Record<string, string>>): AsyncGenerator<Uint8Array> {
  const packed = pack()
  for (const [name, text] of Object.entries(files)) packed.entry({name}, text)
  packed.finalize()
  for await (const piece of packed) yield piece as Uint8Array
}
