// What a run makes on a host: labels, names, limits, ports, volumes, environment, by the words of `task run`.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {RunTaskResponse, Task} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {docker} from '../../support/hosts/engine.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {expectRefused} from '../bad-input/scene.js'
import {idOf, instanceOf, LASTING, SMALL, Stage} from './stage.js'

describe('task run', function () {
  this.timeout(60_000)
  let stage: Stage

  before(async () => {
    stage = await Stage.open(['local', 'web1', 'web2'])
  })

  afterEach(async () => {
    const running = (await stage.session.text('task', 'list', '-q')).split('\n').filter((id) => id !== '')
    if (running.length > 0) await stage.session.text('task', 'stop', ...running)
  })

  after(() => stage.close())

  it('takes the place of a task that has ended meanwhile, though nobody looked, and keeps its last words', async () => {
    const port = ['-p', '18097:80', '--placement-constraint', 'distinctInstance', '--count', '3']
    const [first = '', ...others] = await stage.launchAll(port, 'sh', '-c', 'echo last; sleep 1')
    for (const host of ['local', 'web1', 'web2'])
      await waitUntil(`the task on ${host} to end`, async () => (await docker(stage.host(host), 'ps', '-q')) === '')

    const taken = await stage.launchAll(port)

    expect([others.length, taken.length]).to.deep.equal([2, 3])
    expect(readFileSync(join(dirname(stage.session.stateFile), 'tasks', `${first}.log`), 'utf8')).to.contain('last')
  })

  it('marks its container as the contract says', async () => {
    const id = await stage.launch(['--started-by', 'me', '--group', 'night'])
    const task = await stage.task(id)
    const host = await instanceOf(stage.session, task)
    const {Config, Name} = await stage.container(host, id)
    const definition = task.taskDefinitionArn?.split('/')[1] ?? ''

    expect(Name).to.equal(`/berth-${definition.replace(':', '-')}-busybox-${id.slice(0, 16)}`)
    expect(Config.Labels).to.include({
      'berth.schema': '1',
      'berth.cluster': 'prod',
      'berth.instance': task.containerInstanceArn?.split('/')[2],
      'berth.task': id,
      'berth.container': 'busybox',
      'berth.definition': definition,
      'berth.group': 'night',
      'berth.started-by': 'me',
      'com.amazonaws.ecs.task-arn': task.taskArn,
      'com.amazonaws.ecs.container-name': 'busybox',
      'com.amazonaws.ecs.task-definition-family': 'busybox',
      'com.amazonaws.ecs.task-definition-version': definition.split(':')[1],
      'com.amazonaws.ecs.cluster': 'prod',
    })
    expect(Config.Labels['berth.cluster-id']).to.match(/^[\da-f]{32}$/)
    expect(Config.Labels['berth.definition-hash']).to.match(/^[\da-f]{64}$/)
    expect(task).to.include({startedBy: 'me', group: 'night'})
  })

  it('places five tasks in one pass, and starts them all', async () => {
    const ids = await stage.launchAll(['--count', '5'])

    const counts = await Promise.all(['local', 'web1', 'web2'].map(async (host) => (await stage.containers(host)).length))
    expect(ids).to.have.length(5)
    const running = (await stage.session.text('task', 'list', '-q')).split('\n')
    expect(running).to.have.members([...ids])
    expect(counts.reduce((sum, count) => sum + count)).to.be.at.least(5)
  })

  it('spreads by distinctInstance and refuses what finds no instance of its own, having started the others', async () => {
    const words = [
      'task',
      'run',
      ...SMALL,
      '--count',
      '4',
      '--placement-constraint',
      'distinctInstance',
      '--detach',
      '--json',
      '--',
      ...LASTING,
    ]
    const ran = await stage.session.berth(...words)

    const {error, failures, tasks = []} = JSON.parse(ran.stdout) as RunTaskResponse & {error: {code: string}}
    expect(ran.exitCode).to.equal(5)
    expect(error.code).to.equal('NoInstanceFits')
    expect(failures).to.have.length(3)
    const hosts = await Promise.all(tasks.map((task: Task) => instanceOf(stage.session, task)))
    expect([...hosts].sort()).to.deep.equal(['local', 'web1', 'web2'])
  })

  it('gives the environment of --env before that of --env-file, and the command after --', async () => {
    const file = join(stage.session.folder, 'environment')
    writeFileSync(file, '# ours\nCOLOUR=red\nSIZE=10\n')
    const flags = ['--env-file', file, '-e', 'COLOUR=blue', '-e', 'FROM_HERE', '--count', '1']

    const {stdout} = await stage.session.start(['task', 'run', ...SMALL, ...flags, '--', 'sh', '-c', 'echo $COLOUR $SIZE $FROM_HERE'], {
      env: {FROM_HERE: 'a b'},
    })

    expect(stdout).to.equal('blue 10 a b')
  })

  it('mounts a folder and a named volume, read-only where asked', async () => {
    const folder = join(stage.session.folder, 'shared')
    mkdirSync(folder)
    writeFileSync(join(folder, 'word'), 'from the host\n')
    await stage.session.text('instance', 'drain', 'web1')
    await stage.session.text('instance', 'drain', 'web2')
    const script = 'cat /in/word; echo out > /out/word; touch /in/no || echo kept'
    const volumes = ['--volume', `${folder}:/in:ro`, '--volume', 'berth-e2e-data:/out']

    const ran = await stage.run(volumes, 'sh', '-c', script)

    expect(ran).to.include({exitCode: 0, stdout: 'from the host\nkept'})
    expect((await stage.run(['--volume', 'berth-e2e-data:/again'], 'cat', '/again/word')).stdout).to.equal('out')
    expect(await docker(stage.hosts.local, 'volume', 'ls', '-q')).to.include('berth-e2e-data')
    await stage.session.text('instance', 'activate', 'web1', 'web2')
  })

  it('runs a family that is registered, its newest revision or the one named, with other memory, command and environment', async () => {
    await stage.session.text('task', 'run', '--image', 'busybox:test', '--memory', '20', '--detach', '--', 'true')
    const {tasks: [first = {}] = []} = await stage.session.json<RunTaskResponse>(
      'task',
      'run',
      'busybox',
      '--memory',
      '24',
      '-e',
      'A=1',
      '--detach',
      '--',
      ...LASTING,
    )
    const id = idOf(first)
    const facts = await stage.container(await instanceOf(stage.session, first), id)

    expect(facts.HostConfig.Memory).to.equal(24 * 1024 * 1024)
    expect(facts.Config.Env).to.include('A=1')
    expect(facts.Config.Cmd).to.deep.equal([...LASTING])
    expect(first.overrides?.containerOverrides).to.deep.equal([
      {name: 'busybox', command: [...LASTING], environment: [{name: 'A', value: '1'}], memory: 24},
    ])
    const {tasks: [old = {}] = []} = await stage.session.json<RunTaskResponse>('task', 'run', 'busybox:1', '--', 'true')
    expect(old.taskDefinitionArn).to.match(/busybox:1$/)
  })

  it('registers one revision for one meaning, however often it is run', async () => {
    const arns = new Set<string | undefined>()
    for (let time = 0; time < 3; time += 1) {
      const {tasks: [task = {}] = []} = await stage.session.json<RunTaskResponse>(
        'task',
        'run',
        '--image',
        'busybox:test',
        '--memory',
        '33',
        '--',
        'true',
      )
      arns.add(task.taskDefinitionArn)
    }

    expect(arns.size).to.equal(1)
  })

  it('removes its container with --rm as soon as it has ended, and keeps its record and last words', async () => {
    const {exitCode, stdout} = await stage.run(['--rm', '--json'], 'sh', '-c', 'echo farewell; exit 2')
    const {tasks: [task = {}] = []} = JSON.parse(stdout) as RunTaskResponse
    const id = idOf(task)

    expect(exitCode).to.equal(2)
    for (const host of ['local', 'web1', 'web2']) expect(await stage.containers(host, id), host).to.deep.equal([])
    expect((await stage.task(id)).containers?.[0]).to.include({exitCode: 2})
    expect(await stage.session.text('task', 'logs', id)).to.equal('farewell')
  })

  it('publishes the port that the engine chooses', async () => {
    const id = await stage.launch(['-p', '0:80', '--count', '1'])
    const task = await stage.task(id)
    const facts = await stage.container(await instanceOf(stage.session, task), id)

    const chosen = Number(facts.NetworkSettings.Ports['80/tcp']?.[0]?.HostPort)
    expect(chosen).to.be.above(1023)
    expect(task.containers?.[0]?.networkBindings?.[0]).to.include({containerPort: 80, hostPort: chosen, protocol: 'tcp'})
  })

  it('says of each instance what it lacks when none fits, and makes nothing', async () => {
    const refused = await expectRefused(stage.scene, ['task', 'run', '--image', 'busybox:test', '--memory', '9999g', '--', 'true'], {
      code: 'NoInstanceFits',
      exitCode: 5,
      said: /\nlocal: needs \d+ MiB, \d+ MiB remain\nweb1: needs .*\nweb2: needs /,
    })

    expect(refused.suggestions).to.include('berth instance list -c prod')
  })

  it('writes no value of the environment into its history or its labels', async () => {
    const id = await stage.launch(['-e', 'PASSWORD=swordfish'])
    const facts = await stage.container(await instanceOf(stage.session, await stage.task(id)), id)

    expect(JSON.stringify(facts.Config.Labels)).not.to.include('swordfish')
    expect(readFileSync(`${stage.session.stateFile}.journal`, 'utf8')).to.include('"tasks"')
  })
})
