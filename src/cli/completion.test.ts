import {expect} from 'chai'
import {emptyState} from '../model/state.js'
import {completions} from './completion.js'

const MANIFEST = {
  commands: {
    'cluster:create': {args: {name: {}}, flags: {}},
    'cluster:delete': {args: {cluster: {}}, flags: {yes: {char: 'y', type: 'boolean'}}},
    completion: {args: {shell: {options: ['bash', 'zsh']}}, flags: {}},
    'task:list': {
      args: {},
      flags: {cluster: {char: 'c', type: 'option'}, 'desired-status': {options: ['RUNNING', 'STOPPED'], type: 'option'}},
    },
    'task:wait': {args: {task: {}}, flags: {cluster: {char: 'c', type: 'option'}, secret: {hidden: true, type: 'boolean'}}},
  },
}

const ID = '0123456789abcdef0123456789abcdef'

function state() {
  const cluster = {createdAt: '2026-11-23T20:56:00.000Z', id: ID, name: 'prod', version: 1}
  return {...emptyState(ID), clusters: {[ID]: cluster, other: {...cluster, name: 'play'}}, tasks: {[ID]: {id: ID} as never}}
}

describe('completions', () => {
  const cases: readonly (readonly [typed: string, candidates: readonly string[]])[] = [
    ['', ['cluster', 'completion', 'task']],
    ['c', ['cluster', 'completion']],
    ['cluster ', ['create', 'delete']],
    ['cluster d', ['delete']],
    ['cluster create ', []],
    ['cluster delete p', ['play', 'prod']],
    ['cluster delete -y pr', ['prod']],
    ['cluster delete --', ['--yes']],
    ['completion z', ['zsh']],
    ['task list -c pl', ['play']],
    ['task list --cluster ', ['play', 'prod']],
    ['task list --cluster=pl', ['--cluster=play']],
    ['task list --desired-status=', ['--desired-status=RUNNING', '--desired-status=STOPPED']],
    ['task list --desired-status S', ['STOPPED']],
    ['task wait 0123', [ID]],
    ['task wait -c prod 0', [ID]],
    [`task wait ${ID} 0`, [ID]],
    ['task wait --', ['--cluster']],
    ['task wait -- ', []],
    ['nothing here ', []],
  ]

  for (const [typed, candidates] of cases) {
    it(`answers ${JSON.stringify(candidates)} to "${typed}"`, () => {
      expect(completions(MANIFEST, typed.split(' '), state)).to.deep.equal(candidates)
    })
  }

  it('answers no names where there is no state', () => {
    expect(completions(MANIFEST, ['cluster', 'delete', ''], () => undefined)).to.deep.equal([])
  })
})
