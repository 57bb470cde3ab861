// What scripts read: one document on stdout and nothing on stderr, in ECS's shape; --query picks from it; -q prints ids and names.
import {expect} from 'chai'
import {SMALL, Stage} from './stage.js'

describe('for scripts', function () {
  this.timeout(60_000)
  let stage: Stage
  let id: string

  before(async () => {
    stage = await Stage.open(['web1'])
    id = await stage.launch()
  })

  after(() => stage.close())

  /** In an order in which each finds what it needs. TASK is the id of a running task. */
  const commands: readonly (readonly [words: readonly string[], keys: readonly string[], query: string, picked: unknown, quiet: RegExp])[] =
    [
      [['cluster', 'create', 'lab'], ['cluster'], 'cluster.status', 'ACTIVE', /^lab$/],
      [['cluster', 'list'], ['clusters', 'failures'], 'clusters[].clusterName', ['lab', 'prod'], /^lab\nprod$/],
      [['cluster', 'describe', 'prod'], ['clusters', 'failures'], 'clusters[0].runningTasksCount', 1, /^prod$/],
      [['cluster', 'use', 'prod'], ['clusters', 'failures'], 'clusters[0].clusterName', 'prod', /^prod$/],
      [['instance', 'list'], ['containerInstances', 'failures'], 'containerInstances[].ec2InstanceId', ['web1'], /^web1$/],
      [['instance', 'describe', 'web1'], ['containerInstances', 'failures'], 'containerInstances[0].agentConnected', true, /^web1$/],
      [['instance', 'update', 'web1', '--attribute', 'a=b'], ['containerInstance'], 'containerInstance.status', 'ACTIVE', /^web1$/],
      [['instance', 'drain', 'web1'], ['containerInstances', 'failures'], 'containerInstances[0].status', 'DRAINING', /^web1$/],
      [['instance', 'activate', 'web1'], ['containerInstances', 'failures'], 'containerInstances[0].status', 'ACTIVE', /^web1$/],
      [['task', 'list'], ['tasks', 'failures'], 'length(tasks)', 1, /^TASK$/],
      [['task', 'describe', 'TASK'], ['tasks', 'failures'], 'tasks[0].lastStatus', 'RUNNING', /^TASK$/],
      [['task', 'wait', 'TASK', '--until', 'running'], ['tasks', 'failures'], 'tasks[0].desiredStatus', 'RUNNING', /^TASK$/],
      [['task', 'stop', 'TASK'], ['tasks', 'failures'], 'tasks[0].stopCode', 'UserInitiated', /^TASK$/],
      [['task', 'run', ...SMALL, '--', 'true'], ['tasks', 'failures'], 'tasks[0].containers[0].exitCode', 0, /^[\da-f]{32}$/],
      [['task', 'run', ...SMALL, '--detach', '--', 'true'], ['tasks', 'failures'], 'failures', [], /^[\da-f]{32}$/],
      [['connection', 'list'], ['connections'], 'connections[].host', ['ssh://web1'], /^ssh:\/\/web1$/],
    ]

  for (const [words, keys, query, picked, quiet] of commands)
    it(`berth ${words.slice(0, 2).join(' ')}${words.includes('--detach') ? ' --detach' : ''} answers --json, --query and -q`, async () => {
      const said = words.map((word) => (word === 'TASK' ? id : word))
      const cut = said.includes('--') ? said.indexOf('--') : said.length
      const ran = (...flags: readonly string[]) => stage.session.berth(...said.slice(0, cut), ...flags, ...said.slice(cut))

      const json = await ran('--json')
      const asked = await ran('--query', query)
      const quietly = await ran('-q')

      expect(
        [json, asked, quietly].map(({exitCode}) => exitCode),
        json.stderr + asked.stderr + quietly.stderr,
      ).to.deep.equal([0, 0, 0])
      expect(json.stderr + asked.stderr).to.equal('')
      expect(Object.keys(JSON.parse(json.stdout) as object)).to.deep.equal(keys)
      expect(JSON.parse(asked.stdout)).to.deep.equal(picked)
      expect(quietly.stdout.replaceAll(id, 'TASK')).to.match(quiet)
    })

  it('a refused run answers one document too: what ran, what did not and why', async () => {
    const ran = await stage.session.berth('task', 'run', '--image', 'busybox:test', '--memory', '9999g', '--json', '--', 'true')

    expect(ran).to.include({exitCode: 5, stderr: ''})
    const {error, failures, tasks} = JSON.parse(ran.stdout) as {
      tasks: object[]
      failures: {reason: string; arn: string; detail: string}[]
      error: object
    }
    expect(tasks).to.deep.equal([])
    expect(failures[0]).to.include({reason: 'RESOURCE:MEMORY'})
    expect(failures[0]?.arn).to.match(/:container-instance\/prod\/[\da-f]{32}$/)
    expect(error).to.include({code: 'NoInstanceFits', exitCode: 5})
  })

  it('a query that is none is refused before anything is done', async () => {
    const ran = await stage.session.berth('task', 'list', '--query', 'tasks[')

    expect(ran.exitCode).to.equal(2)
    expect((JSON.parse(ran.stdout) as {error: object}).error).to.include({exitCode: 2})
  })
})
