// What a person typed of a run, on definitions that are registered: refused before anything is touched, or the request.
import {expect} from 'chai'
import {type RunTasksWanted, runRequest} from '../../../src/manager/run-request.js'
import type {TaskDefinitionDocument} from '../../../src/model/task-definition.js'
import {instant} from '../../../src/model/time.js'
import type {RunWanted} from '../../../src/scheduling/run.js'
import {aCluster, aDefinition, aDocument, aState, LONG_AGO} from '../../support/build.js'
import {failureOf} from '../../support/specs.js'
import {aWorld} from './fake-world.js'
import {NOTHING_ASKED} from './nothing-asked.js'

const [web] = aDocument().containerDefinitions
const document: TaskDefinitionDocument = {
  ...aDocument(),
  containerDefinitions: [...aDocument().containerDefinitions, {name: 'helper', image: 'busybox:test', essential: false}],
}

const request = async (wanted: Partial<RunTasksWanted>): Promise<RunWanted> => {
  const state = aState({definitions: [aDefinition({document})]})
  const {run} = await runRequest(aWorld({now: instant(LONG_AGO), state}), state, aCluster(), {
    ...NOTHING_ASKED,
    reference: 'web',
    ...wanted,
  })
  return run
}

describe('runRequest', () => {
  for (const memoryMiB of [0, 3])
    it(`refuses ${memoryMiB} MiB for a registered family as for an image`, async () => {
      expect(await failureOf(request({memoryMiB}))).to.include({code: 'InvalidSize', exitCode: 2})
      expect(await failureOf(request({memoryMiB, reference: undefined, image: 'a'}))).to.include({code: 'InvalidSize', exitCode: 2})
    })

  it('aims at the first essential container, or at the one named', async () => {
    const command = ['date']

    expect(await request({command})).to.have.deep.property('override', {containerOverrides: [{name: web?.name, command}]})
    expect(await request({command, memoryMiB: 64, container: 'helper'})).to.have.deep.property('override', {
      containerOverrides: [{name: 'helper', command, memory: 64}],
    })
    expect(await request({container: 'helper'})).not.to.have.property('override')
  })

  it("takes ECS's overrides whole", async () => {
    const overrides = {containerOverrides: [{name: 'helper', cpu: 128}], memory: '256'}

    expect(await request({overrides})).to.have.deep.property('override', overrides)
  })

  it('refuses a container that the definition does not have, in either way', async () => {
    const refused = {code: 'InvalidParameterException', exitCode: 2}

    expect(await failureOf(request({container: 'other'}))).to.include(refused)
    expect(await failureOf(request({overrides: {containerOverrides: [{name: 'other'}]}}))).to.include(refused)
  })

  it('refuses both ways at once', async () => {
    for (const flag of [{command: ['date']}, {container: 'helper'}, {memoryMiB: 64}, {environment: [{name: 'A', value: '1'}]}])
      expect(await failureOf(request({overrides: {}, ...flag}))).to.include({code: 'InvalidUsage', exitCode: 2})
  })
})
