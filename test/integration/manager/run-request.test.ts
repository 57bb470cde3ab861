// What a person typed of a run, on definitions that are registered: refused before anything is touched, or the request.
import {expect} from 'chai'
import {runRequest, type RunTasksWanted} from '../../../src/manager/run-request.js'
import {instant} from '../../../src/model/time.js'
import type {RunWanted} from '../../../src/scheduling/run.js'
import {aCluster, aDefinition, aState, LONG_AGO} from '../../support/build.js'
import {failureOf} from '../../support/specs.js'
import {aWorld} from './fake-world.js'

const NOTHING_ASKED: RunTasksWanted = {
  clientToken: undefined,
  cluster: undefined,
  command: [],
  constraints: [],
  count: 1,
  cpuUnits: undefined,
  detach: false,
  dryRun: false,
  environment: [],
  group: undefined,
  image: undefined,
  memoryMiB: undefined,
  ports: [],
  reference: 'web',
  removeWhenStopped: false,
  startedBy: undefined,
  strategies: [],
  volumes: {mountPoints: [], volumes: []},
}

const request = (wanted: Partial<RunTasksWanted>): Promise<RunWanted> => {
  const state = aState({definitions: [aDefinition()]})
  return runRequest(aWorld({now: instant(LONG_AGO), state}), state, aCluster(), {...NOTHING_ASKED, ...wanted})
}

describe('runRequest', () => {
  for (const memoryMiB of [0, 3])
    it(`refuses ${memoryMiB} MiB for a registered family as for an image`, async () => {
      expect(await failureOf(request({memoryMiB}))).to.include({code: 'InvalidSize', exitCode: 2})
      expect(await failureOf(request({memoryMiB, reference: undefined, image: 'a'}))).to.include({code: 'InvalidSize', exitCode: 2})
    })
})
