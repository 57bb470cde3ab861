// Every command that changes something, with --dry-run: the plan is told, and state and hosts are as they were.
import {expect} from 'chai'
import {SMALL, Stage} from './stage.js'

interface Planned {
  readonly plan: {
    readonly actions: readonly {readonly kind: string}[]
    readonly notes: readonly object[]
    readonly refusals: readonly object[]
  }
}

describe('--dry-run', function () {
  this.timeout(60_000)
  let stage: Stage
  let id: string

  before(async () => {
    stage = await Stage.open(['web1'])
    id = await stage.launch()
    await stage.session.text('cluster', 'create', 'empty')
  })

  after(() => stage.close())

  const commands: readonly (readonly [words: readonly string[], plan: RegExp, kinds: readonly string[]])[] = [
    [['cluster', 'create', 'lab'], /^create cluster lab \(no cluster bears this name\)$/, ['createCluster']],
    [['cluster', 'delete', 'empty'], /^delete cluster empty \(asked for\)$/, ['deleteCluster']],
    [
      ['cluster', 'delete', 'prod', '--force'],
      /^stop task TASK on web1 .*\nremove task TASK from web1 .*\ntake out instance web1 .*\ndelete cluster prod /,
      ['stopTask', 'removeTask', 'leaveInstance', 'deleteCluster'],
    ],
    [
      ['instance', 'join', 'ssh://web2', '--name', 'new'],
      /^join ssh:\/\/web2 as new \(it becomes an instance of cluster prod\)$/,
      ['joinInstance'],
    ],
    [['instance', 'update', 'web1', '--attribute', 'a=b'], /^update instance web1: customAttributes \(asked for\)$/, ['updateInstance']],
    [['instance', 'drain', 'web1'], /^update instance web1: status \(nothing new is placed on it\)$/, ['updateInstance']],
    [['instance', 'activate', 'web1'], /^note: instance web1 is ACTIVE already$/, []],
    [
      ['instance', 'leave', 'web1', '--force'],
      /^take out instance web1 \(asked for\)\nnote: task TASK keeps running and is no longer tracked$/,
      ['leaveInstance'],
    ],
    [
      ['task', 'run', ...SMALL, '--count', '2'],
      /^start run\/1 of busybox:1 on web1 .*\nstart run\/2 of busybox:1 on web1 /,
      ['startTask', 'startTask'],
    ],
    [
      ['task', 'run', ...SMALL, '--volume', '/tmp:/tmp'],
      /^register busybox:2 .*\nstart run\/1 of busybox:2 on web1 /,
      ['registerDefinition', 'startTask'],
    ],
    [['task', 'stop', 'TASK'], /^stop task TASK on web1 \(Task stopped by user\)$/, ['stopTask']],
  ]

  for (const [words, plan, kinds] of commands)
    it(`of ${words.slice(0, 3).join(' ')}${words.includes('--force') ? ' --force' : ''} tells what it would do, and does nothing`, async () => {
      const said = words.map((word) => (word === 'TASK' ? id : word))
      const before = await stage.scene.facts()

      const text = await stage.session.text(...said, '--dry-run')
      const json = await stage.session.json<Planned>(...said, '--dry-run')
      const judged = await stage.session.berth(...said, '--dry-run', '--exit-code')

      expect(text.replaceAll(id, 'TASK')).to.match(plan)
      expect(json.plan.actions.map(({kind}) => kind)).to.deep.equal(kinds)
      expect(judged.exitCode).to.equal(kinds.length === 0 ? 0 : 11)
      expect(await stage.scene.facts(), 'state, files and hosts').to.deep.equal(before)
    })
})
