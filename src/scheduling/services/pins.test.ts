// Which images a deployment is held to.
import {expect} from 'chai'
import type {Deployment} from '../../model/deployment.js'
import type {TaskContainer} from '../../model/task.js'
import {aDefinition, aDocument, aState, aTask, LONG_AGO} from '../../../test/support/build.js'
import {pinActions} from './pins.js'
import type {Standing} from './standing.js'

const DEPLOYMENT: Deployment = {
  id: 'd'.repeat(32),
  clusterId: 'c'.repeat(32),
  workloadId: 's'.repeat(32),
  definitionId: 'web:1',
  cause: 'CREATED',
  rolloutState: 'IN_PROGRESS',
  rolloutStateReason: '',
  createdAt: LONG_AGO,
  begunAt: LONG_AGO,
  updatedAt: LONG_AGO,
  version: 1,
}

describe('pinActions', () => {
  const standing = (container: Partial<TaskContainer>, said: Partial<Standing> = {}): Standing => {
    const [first] = aTask().containers
    if (!first) throw new Error('A task has a container.')
    const task = aTask({containers: [{...first, ...container}]})
    return {
      task,
      isCurrent: true,
      isRunning: true,
      isLeaving: false,
      isStopping: false,
      isSilent: false,
      isLost: false,
      isProtected: false,
      health: 'UNKNOWN',
      ...said,
    }
  }
  const workload = {name: 'web'} as Parameters<typeof pinActions>[1]
  const pins = (standings: readonly Standing[], deployment = DEPLOYMENT, document = aDocument()) =>
    pinActions(aState({definitions: [aDefinition({document})]}), workload, deployment, standings).map(({images}) => images)

  it('holds it to what its first running task has, with the digest that a registry gave', () => {
    expect(pins([standing({imageDigest: 'sha256:1', repoDigest: 'web@sha256:2'})])).to.deep.equal([
      {web: {id: 'sha256:1', repoDigest: 'web@sha256:2'}},
    ])
  })

  it('waits for one that runs, and counts none of an older deployment', () => {
    const known = {imageDigest: 'sha256:1'}

    expect(pins([standing(known, {isRunning: false}), standing(known, {isCurrent: false})])).to.deep.equal([])
  })

  it('is held once, and not where the definition says that it shall not be', () => {
    const known = standing({imageDigest: 'sha256:1'})

    expect(pins([known], {...DEPLOYMENT, images: {}})).to.deep.equal([])
    expect(pins([known], DEPLOYMENT, aDocument({versionConsistency: 'disabled'}))).to.deep.equal([])
  })
})
