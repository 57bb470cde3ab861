import {expect} from 'chai'
import {aCluster, anId, anInstance, aState, aTask} from '../../test/support/build.js'
import type {Examination} from '../model/diagnosis.js'
import {STATE_VERSION} from '../model/state.js'
import {diagnose} from './diagnose.js'
import {recordsWanted} from './kept-records.js'

const GIB = 1024 ** 3

describe('diagnose', () => {
  const instance = anInstance({name: 'a'})
  const running = aTask({id: anId(1, 'b')})
  const stopped = aTask({id: anId(2, 'b'), lastStatus: 'STOPPED'})
  const state = aState({instances: [instance], tasks: [running, stopped]})
  const well: Examination & {readonly answered: true} = {
    answered: true,
    tookMs: 40,
    facts: instance.engine,
    dataRoot: '/var/lib/docker',
    disk: {told: true, bytes: {free: 40 * GIB, total: 100 * GIB}, inodes: {free: 50, total: 100}},
    ssh: {kind: 'sockets'},
    clockAheadMs: -300,
    owned: [container('one', running.id)],
    marks: [{kind: 'instance', cluster: 'prod', clusterId: aCluster().id, instanceId: instance.id}],
    kept: (recordsWanted(state, aCluster()).get(instance.id) ?? []).map((one) => ({...one, generation: 0, version: STATE_VERSION})),
    foreign: [],
  }

  function container(name: string, taskId: string, status: 'exited' | 'running' = 'running') {
    return {name, status, owner: {clusterId: aCluster().id, taskId} as never}
  }

  /** What is not well, in short. */
  function faults(said: Partial<typeof well>): readonly string[] {
    return diagnose(state, instance, {...well, ...said})
      .filter(({severity}) => severity !== 'ok')
      .map(({mend, said: text, severity, what}) => [severity, what, text, ...(mend === undefined ? [] : [mend])].join(' | '))
  }

  it('finds nothing wrong with a host that is well', () => {
    expect(diagnose(state, instance, well).map(({severity, what}) => `${what} ${severity}`)).to.deep.equal([
      'connection ok',
      'ssh ok',
      'engine ok',
      'disk ok',
      'clock ok',
      'mark ok',
      'records ok',
      'containers ok',
    ])
  })

  it('passes on why a host does not answer, and what would help', () => {
    const examined = {answered: false, why: 'It is off.', suggestions: ['ssh a']} as const

    expect(diagnose(state, instance, examined)).to.deep.equal([
      {instance: 'a', what: 'connection', severity: 'problem', said: 'It is off.', mend: 'ssh a'},
    ])
  })

  it('notes a slow host and an engine that was updated', () => {
    expect(faults({tookMs: 1400, facts: {...instance.engine, engineVersion: '99.0'}})).to.deep.equal([
      'note | connection | answers; four questions took 1400 ms',
      `note | engine | Docker 99.0, API ${instance.engine.minApiVersion} to ${instance.engine.apiVersion}, ${instance.engine.storageDriver} (${instance.engine.imageStore}); since the join engineVersion was ${instance.engine.engineVersion} and is 99.0`,
    ])
  })

  it('finds a host that has other resources than it joined with', () => {
    expect(faults({facts: {...instance.engine, cpuCount: 64}})[0]).to.match(
      /^problem \| engine \| .*; since the join cpuCount was \d+ and is 64 \| berth instance leave a -c prod, and join it again$/,
    )
  })

  it('makes nothing of a little memory', () => {
    expect(faults({facts: {...instance.engine, memoryMiB: instance.engine.memoryMiB - 1}})[0]).to.match(
      /^note \| engine \| .* memoryMiB was /,
    )
  })

  it('tells of containers of another cluster, which are not ours to remove', () => {
    const theirs = {name: 'theirs', status: 'running' as const, owner: {clusterId: anId(9, 'c'), taskId: anId(9, 'b')} as never}

    expect(faults({owned: [container('one', running.id), theirs]})).to.deep.equal(['note | containers | of other clusters: theirs'])
  })

  it('finds a paused container of a task that has stopped', () => {
    expect(faults({owned: [{...container('undead', stopped.id), status: 'paused' as never}]})[0]).to.match(
      /^problem \| containers \| running, of tasks that have stopped: undead/,
    )
  })

  it('finds a clock that is off, either way', () => {
    expect(faults({clockAheadMs: 90_000})[0]).to.match(/^problem \| clock \| its clock is 90\.0 s ahead of ours/)
    expect(faults({clockAheadMs: -2500})[0]).to.match(/^problem \| clock \| its clock is 2\.5 s behind ours/)
  })

  it('finds a disk that is nearly full by its size, by its share or by its inodes, and not before', () => {
    const disk = (free: number, total: number, inodesFree?: number) =>
      faults({
        disk: {
          told: true,
          bytes: {free: free * GIB, total: total * GIB},
          ...(inodesFree === undefined ? {} : {inodes: {free: inodesFree, total: 1000}}),
        },
      }).map((one) => one.replace(/[|] [^|]* system prune$/, '| docker system prune'))

    expect(disk(1.99, 10)).to.deep.equal(['problem | disk | 2.0 GiB (19 %) free at /var/lib/docker | docker system prune'])
    expect(disk(9.9, 100, 500)).to.deep.equal([
      'problem | disk | 9.9 GiB (9 %) and 50 % of the inodes free at /var/lib/docker | docker system prune',
    ])
    expect(disk(50, 100, 99)).to.deep.equal([
      'problem | disk | 50.0 GiB (50 %) and 9 % of the inodes free at /var/lib/docker | docker system prune',
    ])
    expect(disk(2, 20, 100)).to.deep.equal([])
  })

  it('tells why a disk cannot be looked at, and what an sshd allows', () => {
    expect(faults({disk: {told: false, why: 'it is far away'}})).to.deep.equal([
      'note | disk | what is left of it cannot be told: it is far away',
    ])
    expect(faults({ssh: {kind: 'sessions', count: 3, atLeast: false}})[0]).to.match(
      /^note \| ssh \| forbids .*; it opens 3 more sessions at once$/,
    )
    expect(faults({ssh: {kind: 'sessions', count: 10, atLeast: true}})[0]).to.match(/opens at least 10 more sessions at once$/)
    expect(faults({ssh: {kind: 'untold', why: 'it is silent'}})).to.deep.equal(['note | ssh | what it allows cannot be told: it is silent'])
  })

  it('finds what it does not keep of the state, and what a newer copy has left there', () => {
    expect(faults({kept: []})).to.deep.equal([
      'problem | records | 2 of 2 of the state are not on it: it could not be made anew from this host alone | berth cluster refresh prod',
    ])
    expect(faults({kept: well.kept.map((one) => ({...one, generation: 7}))})[0]).to.match(
      /^problem \| records \| it keeps records of a newer copy/,
    )
  })

  it('finds a mark that is gone, and one of another state', () => {
    expect(faults({marks: []})[0]).to.match(/^problem \| mark \| it bears no mark .* \| berth cluster refresh prod$/)
    expect(faults({marks: [{kind: 'instance', cluster: 'theirs', clusterId: anId(9, 'c'), instanceId: anId(9, 'a')}]})[0]).to.match(
      /^problem \| mark \| another state has it in cluster "theirs"/,
    )
  })

  it('finds containers that nobody minds, and tells of ports that others hold', () => {
    const found = faults({
      owned: [container('one', running.id), container('lost', anId(7, 'b'), 'exited'), container('undead', stopped.id)],
      foreign: [{name: 'nginx', memoryMiB: 0, tcpPorts: [80], udpPorts: [53]}],
    })

    expect(found.map((one) => one.replace(/docker .* rm/, 'docker rm'))).to.deep.equal([
      'problem | containers | of tasks that the state does not know: lost | docker rm -f lost',
      'problem | containers | running, of tasks that have stopped: undead | docker rm -f undead',
      'note | ports | held by containers of no task that runs: 80 by nginx, 53 by nginx',
    ])
  })
})
