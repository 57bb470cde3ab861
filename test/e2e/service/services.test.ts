// Services through the built program, on three hosts reached by SSH.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import type {CreateServiceResponse} from '@aws-sdk/client-ecs'
import type {State} from '../../../src/model/state.js'
import {waitUntil} from '../../support/hosts/programs.js'
import type {Ran} from '../../support/session.js'
import {listenTo} from '../session/stage.js'
import {AT_ONCE, ServiceStage, WEB} from './service-stage.js'

const HOSTS = ['web1', 'web2', 'db1']

/** What was said, of a command that must end with this code. */
function saidWith(exitCode: number, ran: Ran): string {
  expect(ran.exitCode, ran.stderr).to.equal(exitCode)
  return ran.stderr
}

describe('a service on three hosts', function () {
  this.timeout(180_000)
  let at: ServiceStage

  beforeEach(async () => {
    at = await ServiceStage.open(HOSTS)
    await at.register('web', WEB)
  })

  afterEach(() => at.close())

  const create = (count: number, ...more: readonly string[]) =>
    at.service('create', 'web', '--task-definition', 'web:1', '--desired-count', String(count), ...AT_ONCE, ...more)

  it('is made and changed as aws takes it, with what means nothing here told of', async () => {
    const file = join(at.stage.session.folder, 'service.json')
    const aws = {
      serviceName: 'web',
      taskDefinition: 'web:1',
      desiredCount: 2,
      launchType: 'EC2',
      tags: [{key: 'team', value: 'shop'}],
      propagateTags: 'SERVICE',
      placementStrategy: [{type: 'spread', field: 'instanceId'}],
      deploymentConfiguration: {maximumPercent: 150, deploymentCircuitBreaker: {enable: true, rollback: true}},
    }
    await writeFile(file, JSON.stringify(aws))
    const created = await at.stage.session.berth(
      'service',
      'create',
      '--cli-input-json',
      `file://${file}`,
      '--desired-count',
      '3',
      ...AT_ONCE,
    )
    expect(saidWith(0, created)).to.include('launchType has no effect here')
    expect(await at.described('web')).to.deep.include({
      desiredCount: 3,
      runningCount: 3,
      placementStrategy: [{type: 'spread', field: 'instanceId'}],
    })
    expect((await at.described('web')).deploymentConfiguration).to.deep.include({maximumPercent: 150})
    for (const {tags} of await at.tasks()) expect(tags).to.deep.equal([{key: 'team', value: 'shop'}])

    await at.service('update', '--cli-input-json', '{"service":"web","desiredCount":1}')
    expect(await at.described('web')).to.deep.include({desiredCount: 1, runningCount: 1})

    await writeFile(file, JSON.stringify({...aws, loadBalancers: [{containerName: 'web', containerPort: 80}]}))
    expect(saidWith(2, await at.stage.session.berth('service', 'update', '--cli-input-json', `file://${file}`))).to.include('loadBalancers')
  })

  it('is spread over them, scaled, rolled to another definition and back, and deleted', async () => {
    const {service} = await at.stage.session.json<CreateServiceResponse>(
      'service',
      'create',
      'web',
      '--task-definition',
      'web',
      '--desired-count',
      '6',
      ...AT_ONCE,
    )
    expect(service).to.deep.include({serviceName: 'web', desiredCount: 6, runningCount: 6, pendingCount: 0, schedulingStrategy: 'REPLICA'})
    expect(await at.running(...HOSTS)).to.deep.equal([2, 2, 2])

    await at.service('scale', 'web', '3')
    expect(await at.running(...HOSTS)).to.deep.equal([1, 1, 1])
    const first = await at.taskIds()

    await at.register('web', {...WEB, command: ['sleep', '601']})
    await at.service('update', 'web', '--task-definition', 'web:2')
    expect((await at.tasks()).map(({taskDefinitionArn = ''}) => taskDefinitionArn.split('/').at(-1))).to.deep.equal([
      'web:2',
      'web:2',
      'web:2',
    ])
    expect(await at.taskIds()).not.to.have.members(first)

    await at.service('rollback', 'web')
    expect((await at.tasks()).map(({taskDefinitionArn = ''}) => taskDefinitionArn.split('/').at(-1))).to.deep.equal([
      'web:1',
      'web:1',
      'web:1',
    ])

    expect(saidWith(4, await at.stage.session.berth('service', 'delete', 'web'))).to.contain('cannot be deleted while')
    await at.service('delete', 'web', '--force', '--yes')
    expect(await at.running(...HOSTS)).to.deep.equal([0, 0, 0])
    expect(await at.stage.session.text('service', 'list')).to.match(/^No services/)
  })

  it('is asked for by name and definition on a terminal, and refused elsewhere', async () => {
    const refused = await at.stage.session.berth('service', 'create', 'web')
    expect(saidWith(2, refused)).to.contain('no task definition is named').and.contain('berth service create web --task-definition web')
    expect(saidWith(2, await at.stage.session.berth('service', 'create', '--task-definition', 'web'))).to.contain('no service is named')

    const asked = listenTo(at.stage.session.onTerminal(['service', 'create', ...AT_ONCE]))
    await asked.says('Which task definition?')
    asked.type('\r')
    await asked.says('Name of the service:')
    asked.type('asked\r')
    expect((await asked.ended).exitCode).to.equal(0)
    expect((await at.described('asked')).runningCount).to.equal(1)
  })

  it('is nothing yet after a dry run, which shows its first step', async () => {
    const told = await create(2, '--dry-run')

    expect(told.match(/^start web\/\d of web:1 on /gm)).to.have.length(2)
    expect(await at.running(...HOSTS)).to.deep.equal([0, 0, 0])
    expect(Object.keys((await at.stage.session.json<State>('state', 'show')).services)).to.deep.equal([])
  })

  it('is left as it is by the same words again, and refused in other words', async () => {
    await create(2)
    const ids = await at.taskIds()

    await create(2)

    expect(await at.taskIds()).to.deep.equal(ids)
    expect(
      saidWith(4, await at.stage.session.berth('service', 'create', 'web', '--task-definition', 'web', '--desired-count', '3')),
    ).to.contain('exists already')
  })

  for (const [what, container] of [
    ['has an image that is nowhere', {...WEB, image: '127.0.0.1:1/none:1'}],
    ['ends at once', {...WEB, command: ['sh', '-c', 'echo boom; exit 3']}],
    ['has no such program', {...WEB, command: ['/no/such/program']}],
    ['never gets healthy', {...WEB, healthCheck: {command: ['CMD-SHELL', 'exit 1'], interval: 5, timeout: 2, retries: 1}}],
  ] as const)
    it(`goes back when its new container ${what}, and its old tasks never stopped`, async () => {
      // One that ends at once is not well for a moment: with no time to prove itself it would be.
      await at.service('create', 'web', '--task-definition', 'web:1', '--desired-count', '2', '--circuit-breaker', '--healthy-after', '3')
      const before = await at.taskIds()
      await at.register('web', container)

      const ran = await at.stage.session.berth('service', 'update', 'web', '--task-definition', 'web:2', '--timeout', '2m')

      expect(saidWith(9, ran)).to.match(/^berth: Deployment ecs-svc\/\d{19} of web:2 failed: .*; service "web" runs web:1 again$/m)
      if (what === 'ends at once')
        expect(ran.stderr).to.match(/^task \w{32} of web:2 on \w+: .*; container web exited with 3\n {2}\| boom$/m)
      expect(await at.taskIds()).to.deep.equal(before)
      expect((await at.events('web')).some((said) => /rolling back to deployment ecs-svc\/\d+\.$/.test(said))).to.equal(true)
    })

  it('goes back to what proved itself while nobody looked', async () => {
    await at.service('create', 'web', '--task-definition', 'web:1', '--desired-count', '1', '--circuit-breaker', '--healthy-after', '5')
    // It was steady before it counted as healthy: no command has seen the deployment completed.
    expect((await at.described('web')).deployments?.[0]?.rolloutState).to.equal('IN_PROGRESS')
    const [{startedAt = new Date()} = {}] = await at.tasks()
    await waitUntil('five seconds of its life', () => Date.now() - Number(new Date(startedAt)) > 5000)
    await at.register('web', {...WEB, command: ['/no/such/program']})

    const ran = await at.stage.session.berth('service', 'update', 'web', '--task-definition', 'web:2', '--timeout', '2m')

    expect(saidWith(9, ran)).to.contain('; service "web" runs web:1 again')
  })

  it('says in time that it is not steady, and is carried on by the next command', async () => {
    const ran = await at.stage.session.berth(
      'service',
      'create',
      'web',
      '--task-definition',
      'web',
      '--desired-count',
      '2',
      '--placement-constraint',
      'memberOf:attribute:disk == ssd',
      '--timeout',
      '1s',
      ...AT_ONCE,
    )
    expect(saidWith(9, ran)).to.contain('is not steady: 0 of 2 running')
    expect(await at.events('web')).to.deep.equal([
      '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance ' +
        (await at.stage.session
          .json<State>('state', 'show')
          .then(({instances}) => Object.values(instances).find(({name}) => name === 'db1')?.id)) +
        ') encountered error "MemberOf placement constraint unsatisfied.".',
    ])

    await at.stage.session.text('instance', 'update', 'web2', '--attribute', 'disk=ssd')
    await at.service('wait', 'web')

    expect(await at.running(...HOSTS)).to.deep.equal([0, 2, 0])
  })

  it('is ended right by the next command when its client is killed in the middle of a rolling update', async () => {
    await create(4)
    await at.register('web', {...WEB, command: ['sleep', '601']})
    for (const text of ['has started', 'has stopped']) {
      const started = at.stage.session.start(['service', 'update', 'web', '--task-definition', 'web:2', '--force-new-deployment'])
      let said = ''
      started.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()))
      await waitUntil(`"${text}"`, () => said.includes(text))
      started.kill('SIGKILL')
      await started
    }

    await at.service('wait', 'web')

    expect((await at.running(...HOSTS)).reduce((sum, one) => sum + one, 0)).to.equal(4)
    const {intents, tasks} = await at.stage.session.json<State>('state', 'show')
    expect(Object.keys(intents)).to.deep.equal([])
    expect(
      Object.values(tasks)
        .filter(({lastStatus}) => lastStatus !== 'STOPPED')
        .map(({definitionId}) => definitionId),
    ).to.deep.equal(Array(4).fill('web:2'))
  })

  it('keeps a task that is protected, and loses it once that ends', async () => {
    await create(3)
    const [kept = '', ...others] = await at.taskIds()
    expect(
      (await at.stage.session.json<{protectedTasks: readonly object[]}>('task', 'protect', kept, '--expires', '1h')).protectedTasks,
    ).to.have.length(1)

    await at.service('scale', 'web', '1')
    expect(await at.taskIds()).to.deep.equal([kept])
    const ran = await at.stage.session.berth('service', 'scale', 'web', '0', '--timeout', '1s')
    expect(saidWith(9, ran)).to.contain('is not steady')

    await at.stage.session.text('task', 'protect', kept, '--off')
    await at.service('wait', 'web')
    expect(await at.taskIds()).to.deep.equal([])
    expect(saidWith(4, await at.stage.session.berth('task', 'protect', ...others))).to.contain('None of these tasks can be protected')
  })

  it('is rebuilt from its hosts, and goes on as it was', async () => {
    await create(3)
    const before = await at.taskIds()
    const {rm} = await import('node:fs/promises')
    await rm(at.stage.session.stateFile, {force: true})
    await rm(`${at.stage.session.stateFile}.journal`, {force: true})

    await at.stage.session.text('state', 'rebuild', '--hosts', HOSTS.map((host) => `ssh://${host}`).join(','), '--yes')
    await at.service('wait', 'web')

    expect(await at.taskIds()).to.deep.equal(before)
    expect(await at.described('web')).to.deep.include({desiredCount: 3, runningCount: 3, status: 'ACTIVE'})
  })
})
