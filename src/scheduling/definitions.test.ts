import {expect} from 'chai'
import {aDefinition, aDocument, aState, aTask, LONG_AGO} from '../../test/support/build.js'
import {renderPlan} from '../model/plan.js'
import type {State} from '../model/state.js'
import {definitionFor, planDelete, planDeregister, planRegister, withoutDeleted} from './definitions.js'
import {recordPlan} from './record-plan.js'

const NOW = Date.parse(LONG_AGO)

describe('definitionFor', () => {
  const state = aState({definitions: [aDefinition({hash: 'h1'}), aDefinition({id: 'web:2', revision: 2, hash: 'h2', status: 'INACTIVE'})]})

  it('takes the latest active revision of a family', () => {
    expect(definitionFor(state, {kind: 'registered', reference: {family: 'web'}}, NOW).definition.id).to.equal('web:1')
  })

  it('never gives a revision number a second time', () => {
    const after = {...state, families: {web: {lastRevision: 7}}}

    expect(definitionFor(after, {kind: 'document', document: aDocument(), hash: 'h3'}, NOW).definition.id).to.equal('web:8')
  })

  it('counts from 1 in a family that is called as every object answers to', () => {
    const document = aDocument({}, 'constructor')

    expect(definitionFor(state, {kind: 'document', document, hash: 'h4'}, NOW).definition.id).to.equal('constructor:1')
  })

  it('refuses an unknown family and an inactive revision by name', () => {
    expect(() => definitionFor(state, {kind: 'registered', reference: {family: 'db'}}, NOW)).to.throw(
      'Task definition "db" is not registered.',
    )
    expect(() => definitionFor(state, {kind: 'registered', reference: {family: 'web', revision: 2}}, NOW)).to.throw(
      'Task definition "web:2" is inactive',
    )
  })
})

describe('planRegister', () => {
  const wanted = {document: aDocument(), hash: 'h1', tags: [], notes: [{path: 'cpu', said: 'Kept.'}]}

  it('gives an equal document a revision of its own, and says what the notes say', () => {
    const plan = planRegister(aState({definitions: [aDefinition({hash: 'h1'})]}), {...wanted, folder: '/srv'}, NOW)

    expect(renderPlan(plan)).to.equal('register web:2 (asked for)\nnote: cpu: Kept.')
    expect(plan.actions[0]).to.have.nested.property('definition.folder', '/srv')
  })
})

describe('planDeregister', () => {
  it('turns ACTIVE ones INACTIVE, and tells of the others', () => {
    const state = aState({definitions: [aDefinition(), aDefinition({id: 'web:2', revision: 2, status: 'INACTIVE'})]})
    const plan = planDeregister(state, ['web:1', 'web:2'])

    expect(renderPlan(plan)).to.equal('deregister web:1 (no new task runs it)\nnote: task definition web:2 is INACTIVE already')
    expect(recordPlan(state, plan, () => '', NOW).definitions['web:1']).to.include({status: 'INACTIVE', deregisteredAt: LONG_AGO})
  })
})

describe('planDelete', () => {
  const inactive = aDefinition({status: 'INACTIVE'})
  const record = (state: State) => recordPlan(state, planDelete(state, ['web:1']), () => '', NOW)

  it('refuses an ACTIVE one', () => {
    expect(() => planDelete(aState({definitions: [aDefinition()]}), ['web:1'])).to.throw('Task definition "web:1" is ACTIVE')
  })

  it('refuses more than ten at once', () => {
    const many = Array.from({length: 11}, (_, index) => aDefinition({id: `web:${index + 1}`, revision: index + 1, status: 'INACTIVE'}))

    expect(() =>
      planDelete(
        aState({definitions: many}),
        many.map(({id}) => id),
      ),
    ).to.throw('At most 10 task definitions')
  })

  it('takes one away at once that no task refers to; its number is never given again', () => {
    const after = record(aState({definitions: [inactive]}))

    expect(after.definitions).to.deep.equal({})
    expect(definitionFor(after, {kind: 'document', document: aDocument(), hash: 'h9'}, NOW).definition.id).to.equal('web:2')
  })

  it('keeps one until the last task that refers to it is forgotten', () => {
    const state = aState({definitions: [inactive], tasks: [aTask({definitionId: 'web:1'})]})
    const waiting = record(state)

    expect(waiting.definitions['web:1']?.status).to.equal('DELETE_IN_PROGRESS')
    expect(withoutDeleted(waiting)).to.equal(waiting)
    expect(withoutDeleted({...waiting, tasks: {}}).definitions).to.deep.equal({})
  })
})
