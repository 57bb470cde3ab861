// Looking, and what a look tidies up: silence is not death, last words are kept, containers go when their time is over.
import {expect} from 'chai'
import {EngineError, InterruptedError, UnreachableError} from '../../../src/errors.js'
import {inContext} from '../../../src/manager/drive.js'
import {closeTask} from '../../../src/manager/housekeeping.js'
import {look} from '../../../src/manager/look.js'
import type {Task} from '../../../src/model/task.js'
import {instant, timestamp} from '../../../src/model/time.js'
import {containerSpec} from '../../../src/tasks/container-spec.js'
import {aCluster, aDefinition, aDocument, anInstance, aState, aTask, anId, LONG_AGO} from '../../support/build.js'
import {aSpec, failureOf} from '../../support/specs.js'
import {aWorld, type FakeWorld} from './fake-world.js'

const NOW = instant(LONG_AGO) + 1000
const HOUR_MS = 3_600_000
const host = anInstance()
const options = {deadlineMs: 1000}

describe('look', () => {
  it('keeps the tasks of a silent host as they were last seen, and says since when it is silent', async () => {
    const {task, world} = await withTask('sleep 600')
    world.engineOf(host).breakDown(new UnreachableError('HostSilent', 'Nobody answers.'))

    const first = await look(world, aCluster(), options)
    world.setClock(NOW + HOUR_MS)
    const second = await look(world, aCluster(), options)

    expect(first.state.tasks[task.id]).to.equal(task)
    expect(first.state.instances[host.id]?.silentSince).to.equal(timestamp(NOW))
    expect(second.seen.instances[host.id]).to.deep.include({answered: false, since: timestamp(NOW), why: 'Nobody answers.'})
    expect(second.state.tasks[task.id]?.lastStatus).to.equal('RUNNING')
  })

  it('takes an engine that answers with an error for a silent one, and still sees the others', async () => {
    const other = anInstance({name: 'b'})
    const world = aWorld({now: NOW, state: aState({instances: [host, other]})})
    world.engineOf(host).breakDown(new EngineError('EngineRefused', 'The disk is full.'))

    const {seen, state} = await look(world, aCluster(), options)

    expect(seen.instances[host.id]).to.deep.include({answered: false, why: 'The disk is full.'})
    expect(seen.instances[other.id]?.answered).to.equal(true)
    expect(state.instances[host.id]?.silentSince).to.equal(timestamp(NOW))
  })

  it('takes no interruption for silence', async () => {
    const {world} = await withTask('sleep 600')
    const interruption = new InterruptedError('Interrupted', 'Enough.')
    world.engineOf(host).breakDown(interruption)

    expect(await failureOf(look(world, aCluster(), options))).to.equal(interruption)
  })

  it('waits no longer for a host that is known to be silent than a listing does', async () => {
    const silent = anInstance({silentSince: LONG_AGO})
    const world = aWorld({now: NOW, state: aState({instances: [silent]})})
    world.engineOf(silent).list = () => new Promise(() => {})

    const {seen} = await look(world, aCluster(), {deadlineMs: 10_000})

    expect(seen.instances[silent.id]).to.deep.equal({answered: false, since: LONG_AGO, why: 'no answer within 2 s'})
  }).timeout(5000)

  it('no longer calls a host silent that answers again', async () => {
    const {world} = await withTask('sleep 600')
    world.engineOf(host).breakDown(new UnreachableError('HostSilent', 'Nobody answers.'))
    await look(world, aCluster(), options)
    world.engineOf(host).breakDown()

    expect((await look(world, aCluster(), options)).state.instances[host.id]).not.to.have.property('silentSince')
  })

  it('writes nothing when nothing is new', async () => {
    const {world} = await withTask('sleep 600')
    await look(world, aCluster(), options)
    const {revision} = await world.store.read()

    await look(world, aCluster(), options)

    expect((await world.store.read()).revision).to.equal(revision)
  })

  it('finds a task ended, with its exit code, and keeps its last words', async () => {
    const {task, world} = await withTask('echo farewell; exit 3')

    const {state} = await look(world, aCluster(), options)

    expect(state.tasks[task.id]).to.include({lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited'})
    expect(state.tasks[task.id]?.containers[0]?.exitCode).to.equal(3)
    expect(world.words.get(task.id)).to.equal('farewell\n')
  })

  it('counts what is not ours and never touches it', async () => {
    const {world} = await withTask('sleep 600')
    const engine = world.engineOf(host)
    const {owner: _, ...foreign} = aSpec({
      name: 'stranger',
      memoryMiB: 100,
      ports: [{containerPort: 80, hostPort: 8080, protocol: 'tcp'}],
      command: ['sleep 600'],
    })
    await engine.create(foreign as ReturnType<typeof aSpec>, world.signal)
    await engine.start('stranger', world.signal)
    const deeds = engine.deeds.length

    const {seen} = await look(world, aCluster(), {...options, foreignMemory: true})

    const instance = seen.instances[host.id]
    expect(instance?.answered && instance.foreign).to.deep.equal([{name: 'stranger', memoryMiB: 100, tcpPorts: [8080], udpPorts: []}])
    expect(engine.deeds.slice(deeds)).to.deep.equal([])
  })

  it('counts a container that was started after its task had stopped, and sees to it that it goes', async () => {
    const {task, world} = await withTask('echo late; sleep 600', {desiredStatus: 'STOPPED', lastStatus: 'STOPPED', stoppedAt: LONG_AGO})
    const engine = world.engineOf(host)

    const {seen, state} = await look(world, aCluster(), {...options, foreignMemory: true})

    const name = task.containers[0]?.containerName
    const instance = seen.instances[host.id]
    expect(instance?.answered && instance.foreign).to.deep.equal([{name, memoryMiB: 64, tcpPorts: [], udpPorts: []}])
    expect(state.tasks[task.id]).to.equal(task)
    expect(engine.deeds.slice(-2)).to.deep.equal([`stop ${name}`, `remove ${name}`])
    expect(world.words.get(task.id)).to.equal('late\n')
  })

  it('removes at once the containers of a task that was run with --rm, and keeps its words', async () => {
    const {task, world} = await withTask('echo gone; exit 0', {removeWhenStopped: true})

    await look(world, aCluster(), options)

    expect(await world.engineOf(host).list(world.signal)).to.deep.equal([])
    expect(world.words.get(task.id)).to.equal('gone\n')
  })

  it('removes the containers of stopped tasks when three hours have passed, and not before', async () => {
    const {world} = await withTask('exit 0')
    const end = instant((await look(world, aCluster(), options)).state.tasks[anId(1, 'b')]?.stoppedAt ?? '')

    world.setClock(end + 3 * HOUR_MS)
    await look(world, aCluster(), options)
    expect(await world.engineOf(host).list(world.signal)).to.have.length(1)

    world.setClock(end + 3 * HOUR_MS + 1)
    await look(world, aCluster(), options)
    expect(await world.engineOf(host).list(world.signal)).to.deep.equal([])
  })

  it('asks no host without options', async () => {
    const {task, world} = await withTask('exit 0')

    expect((await look(world, aCluster(), undefined)).state.tasks[task.id]?.lastStatus).to.equal('RUNNING')
  })
})

describe('closeTask', () => {
  it('keeps the first last words it finds, and never writes over them', async () => {
    const {task, world} = await withTask('echo once; exit 0')
    const engine = world.engineOf(host)

    await closeTask(world, engine, inContext((await world.store.read()).state, task), NOW)
    await engine.remove(task.containers[0]?.containerName ?? '', world.signal)
    await closeTask(world, engine, inContext((await world.store.read()).state, task), NOW)

    expect(world.words.get(task.id)).to.equal('once\n')
  })
})

/** A world with a task whose container runs this script on the host; what the script does at once is done, and not yet seen. */
async function withTask(script: string, said: Partial<Task> = {}): Promise<{readonly world: FakeWorld; readonly task: Task}> {
  const definition = aDefinition({document: aDocument({image: 'busybox:test', command: ['sh', '-c', script]})})
  const task = aTask(said)
  const world = aWorld({now: NOW, state: aState({instances: [host], definitions: [definition], tasks: [task]})})
  const [container] = definition.document.containerDefinitions
  const name = task.containers[0]?.containerName ?? ''
  if (!container) throw new Error('The definition has no container.')
  await world.engineOf(host).create(containerSpec({cluster: aCluster(), definition, task}, container), world.signal)
  await world.engineOf(host).start(name, world.signal)
  return {task, world}
}
