import {expect} from 'chai'
import {aCluster, aDefinition, aDocument, anId, anInstance, aState, facts, LONG_AGO} from '../../test/support/build.js'
import type {FoundContainer} from '../model/observation.js'
import {emptyState, STATE_VERSION} from '../model/state.js'
import {instant} from '../model/time.js'
import type {HostFound} from './found-host.js'
import {rebuilt} from './rebuild.js'

const instance = anInstance()
const restarted = {image: 'web:1', restartPolicy: {enabled: true, restartAttemptPeriod: 60}}
const definition = aDefinition({
  document: {
    ...aDocument(restarted),
    containerDefinitions: [
      {name: 'web', ...restarted},
      {name: 'helper', image: 'web:1', essential: false},
    ],
  },
})

const container = (containerName: string, said: Partial<FoundContainer> = {}): FoundContainer => ({
  runtimeId: `id-${containerName}`,
  name: `berth-web-1-${containerName}`,
  image: 'web:1',
  imageId: 'sha256:1',
  owner: {
    cluster: 'prod',
    clusterId: aCluster().id,
    instanceId: instance.id,
    taskId: anId(1, 'b'),
    taskArn: '',
    containerName,
    definitionId: 'web:1',
    definitionHash: definition.hash,
    group: 'family:web',
    epoch: 41,
  },
  status: 'running',
  outOfMemory: false,
  terminal: false,
  command: [],
  limits: {cpuCores: 0, cpuShares: 0, memoryAndSwapBytes: 0, memoryBytes: 0, memoryReservationBytes: 0},
  restartPolicy: 'no',
  error: '',
  createdAt: LONG_AGO,
  startedAt: LONG_AGO,
  ports: [],
  memoryMiB: 0,
  restartCount: 0,
  ...said,
})

const down = {status: 'exited', exitCode: 0, finishedAt: '2026-01-02T13:04:05.000Z'} as const

const host = (...containers: readonly FoundContainer[]): HostFound => ({
  address: instance.address,
  facts: facts(),
  marks: [],
  kept: [
    {kind: 'definition', clusterId: aCluster().id, name: 'web:1', generation: 40, version: STATE_VERSION, record: definition},
    {kind: 'instance', clusterId: aCluster().id, name: instance.id, generation: 30, version: STATE_VERSION, record: instance},
  ],
  containers,
})
const task = (...containers: readonly FoundContainer[]) =>
  rebuilt(emptyState('1'.repeat(32)), [host(...containers)], instant(LONG_AGO)).state.tasks[anId(1, 'b')]

describe('rebuilt', () => {
  it('has a task run on whose containers run', () => {
    expect(task(container('web'), container('helper'))).to.include({desiredStatus: 'RUNNING', lastStatus: 'RUNNING'})
  })

  it('has nothing start again that is down, whatever its restart policy would do', () => {
    expect(task(container('web', down), container('helper', down))).to.include({desiredStatus: 'STOPPED', lastStatus: 'STOPPED'})
  })

  it('has a stop go on that was under way', () => {
    expect(task(container('web', down), container('helper'))).to.include({lastStatus: 'STOPPING'})
  })

  it('takes no container for a task of a definition that says something else by its name', () => {
    const {owner, ...other} = container('web')

    expect(task({...other, ...(owner && {owner: {...owner, definitionHash: 'a'.repeat(64)}})})).to.equal(undefined)
  })

  it('counts on from the newest epoch on any host', () => {
    const {state} = rebuilt(emptyState('1'.repeat(32)), [host(container('web'))], instant(LONG_AGO))

    expect(state.clusters[aCluster().id]).to.include({epochsBefore: 41})
  })

  it('gives an instance a free name where another of its cluster bears its own', () => {
    const other = anInstance({id: anId(7, 'a')})
    const state = aState({instances: [other]})

    const {instances} = rebuilt(state, [host(container('web'))], instant(LONG_AGO)).state

    expect(instances[instance.id]?.name).to.equal(`instance-${instance.id.slice(0, 8)}`)
  })
})
