import {expect} from 'chai'
import {aCluster, aDefinition, aDocument, anId, anInstance, aState, aTask, LONG_AGO} from '../../../test/support/build.js'
import {driftLens} from '../../manager/drift-lens.js'
import type {Drift} from '../../model/drift.js'
import type {HostInspected} from '../../model/inspection.js'
import type {ContainerSeen} from '../../model/observation.js'
import {renderPlan} from '../../model/plan.js'
import type {State} from '../../model/state.js'
import type {Task} from '../../model/task.js'
import {instant} from '../../model/time.js'
import {planAnswers} from './answer.js'
import type {DriftAsked} from './asked.js'
import {findDrift, noLongerFound} from './find.js'

const MIB = 1024 * 1024
const NOW = instant(LONG_AGO) + 60_000
const instance = anInstance({name: 'a'})
const definition = aDefinition({document: aDocument({memory: 64, command: ['serve']})})
const task = runningTask(1)
const state = aState({instances: [instance], definitions: [definition], tasks: [task]})

type Answering = HostInspected & {readonly answered: true}

function runningTask(number: number, said: Partial<Task> = {}): Task {
  const id = anId(number, 'b')
  const container = {name: 'web', containerName: `berth-${number}`, image: 'web:1', lastStatus: 'RUNNING', runtimeId: `r${number}`} as const
  return aTask({id, containers: [{...container, imageDigest: 'sha256:1', startedAt: LONG_AGO}], startedAt: LONG_AGO, ...said})
}

/** The container of a task as it should be. */
function seen(of: Task, said: Partial<ContainerSeen> = {}): ContainerSeen {
  const [container] = of.containers
  const {limits, owner} = driftLens(state, NOW).wish(of, 'web') ?? {limits: undefined, owner: undefined}
  if (!container || !limits || !owner) throw new Error('There is no container web.')
  return {
    runtimeId: container.runtimeId ?? '',
    name: container.containerName,
    image: container.image,
    imageId: 'sha256:1',
    owner,
    status: 'running',
    outOfMemory: false,
    terminal: false,
    error: '',
    createdAt: LONG_AGO,
    startedAt: LONG_AGO,
    ports: [],
    command: ['serve'],
    memoryMiB: 64,
    limits: {memoryAndSwapBytes: 128 * MIB, ...limits},
    restartPolicy: 'no',
    restartCount: 0,
    ...said,
  }
}

const calm: Answering = {
  answered: true,
  facts: instance.engine,
  clockAheadMs: 300,
  containers: [seen(task)],
  foreign: [],
  imageIds: {'web:1': 'sha256:1'},
}

function ask(said: Partial<Answering> | HostInspected, now: State = state, before: State = now): DriftAsked {
  const host = 'since' in said ? said : {...calm, ...said}
  const inspection = {at: NOW, hosts: {[instance.id]: host}}
  return {before, state: now, clusterId: aCluster().id, inspection, lens: driftLens(now, NOW)}
}

const told = (found: readonly Drift[]) => found.map(({found: is, kind, subject, wanted}) => `${kind} | ${subject} | ${wanted} | ${is}`)
const planOf = (asked: DriftAsked, answer: 'adopt' | 'revert' | 'ignore') =>
  renderPlan(
    planAnswers(
      asked,
      findDrift(asked).map((drift) => ({answer, drift})),
      [],
      'ada@desk',
    ),
  )

describe('findDrift', () => {
  it('finds none on a host that is as the state says, and none on one that is silent', () => {
    expect(findDrift(ask({}))).to.deep.equal([])
    expect(findDrift(ask({answered: false, since: LONG_AGO, why: 'It is off.'}))).to.deep.equal([])
  })

  it('takes a container that has stopped for an ordinary end', () => {
    expect(findDrift(ask({containers: [seen(task, {status: 'exited', exitCode: 137})]}))).to.deep.equal([])
  })

  it('tells nothing of a task that changed while the hosts were looked at, or that is wanted stopped', () => {
    const later = aState({instances: [instance], definitions: [definition], tasks: [{...task, version: 2}]})
    const stopping = aState({instances: [instance], definitions: [definition], tasks: [{...task, desiredStatus: 'STOPPED'}]})

    expect(findDrift(ask({containers: []}, later, state))).to.deep.equal([])
    expect(findDrift(ask({containers: []}, stopping))).to.deep.equal([])
  })

  it('tells nothing of a container whose task was forgotten or recorded while the hosts were looked at', () => {
    const empty = aState({instances: [instance], definitions: [definition]})

    expect(findDrift(ask({}, empty, state))).to.deep.equal([])
    expect(findDrift(ask({}, state, empty))).to.deep.equal([])
  })

  it('tells of a container that runs though its task has stopped, not of one that lies there', () => {
    const stopped = aState({instances: [instance], definitions: [definition], tasks: [{...task, lastStatus: 'STOPPED'}]})

    expect(told(findDrift(ask({}, stopped)))).to.deep.equal([`started | task ${task.id.slice(0, 12)} | stopped | berth-1 runs`])
    expect(findDrift(ask({containers: [seen(task, {status: 'exited'})]}, stopped))).to.deep.equal([])
  })

  it('tells of labels that differ, and has no way but another task', () => {
    const {owner} = seen(task)
    const odd = seen(task, owner ? {owner: {...owner, group: 'family:other'}} : {})
    const asked = ask({containers: [odd]})

    expect(told(findDrift(asked))).to.deep.equal([`labels | task ${task.id.slice(0, 12)} | group family:web | group family:other`])
    expect(planOf(asked, 'revert')).to.match(/^stop task .*\nstart replacement\/\S+ of web:1 on a /)
    expect(() => planOf(asked, 'adopt'))
      .to.throw()
      .with.property('code', 'NoSuchAnswer')
  })

  it('finds a clock that is off, the same from one look to the next and another where it is far worse', () => {
    const [first, again, worse, behind] = [5000, 5300, 60_000, -5000].map((clockAheadMs) => findDrift(ask({clockAheadMs}))[0])

    expect(told(first ? [first] : [])).to.deep.equal(['clock | clock | within 2 s of ours | 5.0 s ahead of ours'])
    expect(again?.id).to.equal(first?.id)
    expect(new Set([first?.id, worse?.id, behind?.id]).size).to.equal(3)
    expect(first?.revert).to.include({possible: false, mend: 'timedatectl set-ntp true (on the host)'})
  })

  it('makes nothing of a little memory, and cannot record a host that its settings leave nothing of', () => {
    const small = {...instance.engine, memoryMiB: 40}
    const kept = anInstance({name: 'a', resourceSettings: {reserveMemoryMiB: 512, reservePorts: []}})
    const [shrunk] = findDrift(ask({facts: small}, aState({instances: [kept], definitions: [definition], tasks: [task]})))

    expect(findDrift(ask({facts: {...instance.engine, memoryMiB: 2040}}))).to.deep.equal([])
    expect(shrunk).to.include({kind: 'engine', wanted: 'memoryMiB 2048', found: 'memoryMiB 40'})
    expect(shrunk?.adopt).to.include({possible: false})
  })
})

describe('planAnswers', () => {
  it('adopts and reverts limits', () => {
    const asked = ask({containers: [seen(task, {limits: {...seen(task).limits, memoryBytes: 96 * MIB}})]})

    expect(planOf(asked, 'adopt')).to.equal(`record task ${task.id} on a as RUNNING (it asks for the limits that it has)`)
    expect(planOf(asked, 'revert')).to.equal(
      `hold container berth-1 on a to memoryBytes, memoryAndSwapBytes (drift ${findDrift(asked)[0]?.id}: limits, task ${task.id.slice(0, 12)})`,
    )
  })

  it('replaces a task once, whatever drifted of it, after what was started by hand is gone', () => {
    const {limits, owner} = seen(task)
    const copied = seen(task, {runtimeId: 'x', name: 'copy'})
    const odd = seen(task, {limits: {...limits, memoryBytes: 96 * MIB}, ...(owner ? {owner: {...owner, group: 'g'}} : {})})

    expect(planOf(ask({containers: [odd, copied]}), 'revert').replaceAll(/drift \w{12}/g, 'drift ID')).to.equal(
      [
        `remove copy from a (drift ID: started, task ${task.id.slice(0, 12)})`,
        `stop task ${task.id} on a (It drifted, and another takes its place)`,
        `start replacement/${task.id} of web:1 on a (it takes the place of task ${task.id})`,
      ].join('\n'),
    )
  })

  it('starts nothing where the place of the old task is no longer enough', () => {
    const asked = ask({containers: [], foreign: [{name: 'big', memoryMiB: 2040, tcpPorts: [], udpPorts: []}]})

    expect(() => planOf(asked, 'revert'))
      .to.throw(/^Task \w+ cannot be replaced on instance "a"\.\n.*needs 64 MiB/s)
      .with.property('code', 'NoInstanceFits')
  })

  it('gives places of replaced tasks to their replacements only as often as there is room', () => {
    const two = aState({instances: [instance], definitions: [definition], tasks: [task, runningTask(2)]})
    const room = (memoryMiB: number) =>
      ask({containers: [], foreign: [{name: 'big', memoryMiB: 2048 - memoryMiB, tcpPorts: [], udpPorts: []}]}, two)

    expect(() => planOf(room(127), 'revert'))
      .to.throw()
      .with.property('code', 'NoInstanceFits')
    expect(planOf(room(128), 'revert').match(/^start /gm)).to.have.length(2)
  })

  it('ignores with what was found, and forgets what is found no more', () => {
    const asked = ask({clockAheadMs: 5000})
    const [off] = findDrift(asked)
    const ignored = {
      id: off?.id ?? '',
      instanceId: instance.id,
      kind: 'clock',
      subject: 'clock',
      found: '',
      by: 'ada@desk',
      at: LONG_AGO,
    } as const
    const known = {...state, ignoredDrift: {[ignored.id]: ignored}}

    expect(planOf(asked, 'ignore')).to.equal(`ignore drift ${off?.id} (it is known from now on)`)
    expect(noLongerFound(ask({clockAheadMs: 5000}, known), findDrift(ask({clockAheadMs: 5000}, known)))).to.deep.equal([])
    expect(noLongerFound(ask({}, known), [])).to.deep.equal([ignored.id])
    expect(noLongerFound(ask({answered: false, since: LONG_AGO, why: ''}, known), [])).to.deep.equal([])
  })
})
