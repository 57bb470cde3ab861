// Where tasks of services and daemons go, and what is told of it, on three hosts.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import type {Explanation, NextReplica} from '../../../src/model/explanation.js'
import type {ToldPlacement} from '../../../src/model/placement-record.js'
import type {Simulation} from '../../../src/model/simulation.js'
import {expectRefusal, expectRefused} from '../bad-input/scene.js'
import {idOf} from '../session/stage.js'
import {AT_ONCE, ServiceStage, WEB} from './service-stage.js'

interface Told {
  readonly explanation: Explanation
  readonly placement: ToldPlacement
  readonly replica: NextReplica
}

describe('the placement of a service on three hosts', function () {
  this.timeout(180_000)
  let at: ServiceStage

  beforeEach(async () => {
    at = await ServiceStage.open(['web1', 'web2', 'db1'])
    await at.register('web', WEB)
  })

  afterEach(() => at.close())

  const create = (count: number, ...more: readonly string[]) =>
    at.service('create', 'web', '--task-definition', 'web:1', '--desired-count', String(count), ...AT_ONCE, ...more)
  const placement = (...words: readonly string[]) => at.stage.session.text('placement', ...words)
  const explained = (...words: readonly string[]) => at.stage.session.json<Told>('placement', 'explain', ...words)

  it('is told of each of its tasks long after, also once the task is gone', async () => {
    await create(3, '--placement-constraint', 'memberOf:ec2InstanceId != web2', '--placement-strategy', 'spread:instanceId')
    const ids = await at.taskIds()
    const told = await Promise.all(ids.map((id) => explained('--task', id)))

    for (const [index, {explanation, placement: kept}] of told.entries()) {
      expect(kept).to.deep.include({by: 'service:web', group: 'service:web', definitionId: 'web:1', fittingCount: 2})
      expect(explanation.chosen?.instance).to.equal(kept.tasks.find(({id}) => id === ids[index])?.instance)
      expect(explanation.instances.filter(({fits}) => !fits).map(({instance}) => instance)).to.deep.equal(['web2'])
    }
    const third = told.find(({placement: {tasks}}, index) => tasks[2]?.id === ids[index])
    expect(third?.explanation.chosen?.because).to.match(/^it holds 1 task|spread:instanceId|all strategies find it equal to the next/)

    await at.service('scale', 'web', '0')
    const text = await placement('explain', ids[0] ?? '')
    expect(text)
      .to.match(/^For: +service:web$/m)
      .and.match(/^Placed: .*, as \d of 3 of those started at once$/m)
      .and.match(/^Decided: +(db1|web1): /m)
      .and.match(/^web2 +- .*! /m)
  })

  it('is told of its next task: where one more would go, or what each instance lacks', async () => {
    await create(2, '--placement-strategy', 'binpack:memory')
    const before = await at.stage.scene.facts()

    const steady = await explained('--service', 'web')
    expect(steady.replica).to.deep.include({service: 'web', slot: 3, desiredCount: 2, presentCount: 2, isDue: false})
    expect(steady.explanation.chosen?.instance).to.equal('db1')
    expect(await placement('explain', '--service', 'web'))
      .to.match(/^Standing: +2 of 2 are there; one more would go to db1$/m)
      .and.match(/^db1 is chosen: binpack:memory: /m)
    expect(await at.stage.scene.facts()).to.deep.equal(before)

    await at.register('large', {...WEB, name: 'large', memory: 4096 * 1024})
    await expectRefusal(at.stage.scene, ['service', 'create', 'large', '--task-definition', 'large', ...AT_ONCE, '--timeout', '2'], {
      code: 'NotSteadyInTime',
      exitCode: 9,
      said: /0 of 1 running/,
      suggests: /^berth placement explain --service large -c /m,
    })
    const lacking = await explained('--service', 'large')
    expect(lacking.replica).to.deep.include({slot: 1, presentCount: 0, isDue: true})
    expect(lacking.explanation.instances.map(({checks}) => (checks.find(({what}) => what === 'memory')?.lacking ?? 0) > 0)).to.deep.equal([
      true,
      true,
      true,
    ])
    expect(await placement('explain', '--service', 'large')).to.match(/^ {2}lower memory by \d+ MiB: /m)

    await expectRefused(at.stage.scene, ['placement', 'explain', 'web:1', '--service', 'web'], {
      code: 'InvalidUsage',
      exitCode: 2,
      said: /^Name a task definition, or a service or daemon, not both/,
      suggests: /^berth placement explain --service web$/m,
    })
    await expectRefused(at.stage.scene, ['placement', 'explain', '--service', 'wed'], {
      code: 'ServiceNotFoundException',
      exitCode: 3,
      said: /has no service "wed"/,
    })
  })

  it('is listed beside those of runs and daemons', async () => {
    const file = join(at.stage.session.folder, 'agent.json')
    await writeFile(file, JSON.stringify({family: 'agent', containerDefinitions: [{...WEB, name: 'agent'}]}))
    await at.stage.session.text('daemon', 'deploy', file, ...AT_ONCE)
    await create(2)
    const [run = ''] = await at.stage.launchAll([])
    const daemons = (await at.tasks()).filter(({group}) => group === 'daemon:agent').map(idOf)

    const {placements} = await at.stage.session.json<{readonly placements: readonly ToldPlacement[]}>('placement', 'list')
    expect(placements.map(({by, tasks}) => [by, tasks.length])).to.deep.equal([
      ['run', 1],
      ['service:web', 2],
      ['daemon:agent', 3],
    ])
    expect(placements[0]?.tasks[0]?.id).to.equal(run)
    const listed = (await placement('list')).split('\n')
    expect(listed.slice(1).map((row) => row.split(/ {2,}/)[6])).to.deep.equal(['run', 'service:web', 'daemon:agent'])

    const [id = ''] = (listed[2] ?? '').split(' ')
    expect(await placement('explain', '--run', id)).to.match(/^For: +service:web$/m)
    const daemon = await explained('--task', daemons[0] ?? '')
    expect(daemon.placement).to.deep.include({by: 'daemon:agent', because: 'a daemon has one task on each instance that it belongs on'})

    await at.stage.session.text('daemon', 'update', 'agent', '--placement-constraint', 'memberOf:ec2InstanceId != db1')
    expect(await placement('explain', '--daemon', 'agent'))
      .to.match(/^Is on: +web1, web2$/m)
      .and.match(/^Standing: +2 of the 2 instances that it belongs on have it$/m)
      .and.match(/^db1 +.*! ec2InstanceId is db1/m)
  })

  it('is simulated without an instance: what of each service would run, and why the rest finds no place', async () => {
    const file = join(at.stage.session.folder, 'agent.json')
    await writeFile(file, JSON.stringify({family: 'agent', containerDefinitions: [{...WEB, name: 'agent'}]}))
    await at.stage.session.text('daemon', 'deploy', file, ...AT_ONCE)
    await at.register('lone', {...WEB, name: 'lone'})
    await create(3, '--placement-constraint', 'distinctInstance')
    await at.service('create', 'lone', '--task-definition', 'lone', ...AT_ONCE, '--placement-constraint', 'memberOf:ec2InstanceId != db1')
    const before = await at.stage.scene.facts()

    const simulated = await at.stage.session.berth('placement', 'simulate', '--lose', 'web1')
    const ran = await at.stage.session.berth('placement', 'simulate', '--lose-any', '--json')

    expect(simulated.exitCode, simulated.stderr).to.equal(11)
    expect(simulated.stdout)
      .to.match(/^Tasks placed: +0$/m)
      .and.match(/^without web1: 1 move, and 1 of service:web find no place$/m)
      .and.match(/^ {2}service lone: 1 of 1 would run$/m)
      .and.match(/^ {2}service web: 2 of 3 would run, 1 finds no place:$/m)
      .and.match(/^ {4}db1: holds a task of group service:web, and distinctInstance allows one$/m)
      .and.match(/^ {2}1 of daemons ends with it$/m)
    const {simulation} = JSON.parse(ran.stdout) as {readonly simulation: Simulation}
    expect(simulation.losses.map(({daemonTaskCount, homeless, instance}) => [instance, homeless, daemonTaskCount])).to.deep.equal(
      ['db1', 'web1', 'web2'].map((name) => [name, {'service:web': 1}, 1]),
    )
    expect(await at.stage.scene.facts()).to.deep.equal(before)

    await at.service('scale', 'web', '0')
    expect((await at.stage.session.berth('placement', 'simulate', '--lose-any')).exitCode).to.equal(0)
  })
})
