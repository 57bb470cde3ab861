// Where tasks go on real hosts, by expressions and strategies, and what is told of it.
import {appendFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {DescribeContainerInstancesResponse} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import type {Explanation} from '../../../src/model/explanation.js'
import type {PlacementRecord} from '../../../src/model/placement-record.js'
import {expectRefused} from '../bad-input/scene.js'
import {LASTING, SMALL, Stage} from './stage.js'

describe('placement', function () {
  this.timeout(90_000)
  let stage: Stage

  before(async () => {
    stage = await Stage.open([])
    for (const [name, zone, disk] of [
      ['web1', 'a', 'ssd'],
      ['web2', 'a', 'hdd'],
      ['db1', 'b', 'ssd'],
    ] as const)
      await stage.session.json('instance', 'join', `ssh://${name}`, '--name', name, '--zone', zone, '--attribute', `disk=${disk}`)
  })

  afterEach(async () => {
    const running = (await stage.session.text('task', 'list', '-q')).split('\n').filter((id) => id !== '')
    if (running.length > 0) await stage.session.text('task', 'stop', '--timeout', '1', ...running)
  })

  after(() => stage.close())

  /** The names of the instances that took the tasks, sorted. */
  async function placed(count: number, ...flags: readonly string[]): Promise<readonly string[]> {
    await stage.session.text('task', 'run', ...SMALL, '--count', String(count), ...flags, '--detach', '--', ...LASTING)
    const rows = (await stage.session.text('task', 'list')).split('\n').slice(1)
    return rows.map((row) => row.split(/ {2,}/)[3] ?? '').sort()
  }

  it('goes where an expression holds, and spreads over zones', async () => {
    const flags = [
      '--placement-constraint',
      'memberOf:attribute:disk == ssd',
      '--placement-strategy',
      'spread:attribute:ecs.availability-zone',
    ]

    expect(await placed(4, ...flags)).to.deep.equal(['db1', 'db1', 'web1', 'web1'])
  })

  it('packs onto one instance, in AWS’s own words too', async () => {
    expect(await placed(3, '--placement-strategy', 'type=binpack,field=memory')).to.deep.equal(['db1', 'db1', 'db1'])
    expect(
      await placed(
        1,
        '--placement-strategy',
        'binpack:memory',
        '--placement-constraint',
        "type=memberOf,expression=ec2InstanceId in ['web2']",
      ),
    ).to.include('web2')
  })

  it('keeps away from tasks of a group, those of the same run too', async () => {
    expect(await placed(3, '--group', 'lone', '--placement-constraint', 'memberOf:not(task:group == lone)')).to.deep.equal([
      'db1',
      'web1',
      'web2',
    ])
  })

  it('asks the constraints of a definition of every run of it', async () => {
    const file = join(stage.session.folder, 'picky.json')
    const document = (expression: string) => ({
      family: 'picky',
      containerDefinitions: [{name: 'app', image: 'busybox:test', memory: 16, command: ['true']}],
      placementConstraints: [{type: 'memberOf', expression}],
    })
    await writeFile(file, JSON.stringify(document('attribute:disk == nvme')))
    await stage.session.text('task-definition', 'register', file)

    const error = await expectRefused(stage.scene, ['task', 'run', 'picky'], {
      code: 'NoInstanceFits',
      exitCode: 5,
      said: /web2: does not meet attribute:disk == nvme: disk is hdd/,
    })
    expect(error.message).to.match(/\nchange: drop the constraint attribute:disk == nvme \(db1, web1, web2\)$/)

    await writeFile(file, JSON.stringify(document('attribute:disk = ssd')))
    const refused = await stage.session.berth('task-definition', 'register', file, '--json')
    expect(refused.exitCode).to.equal(2)
    const {faults} = JSON.parse(refused.stdout) as {readonly faults: readonly {readonly path: string; readonly rule: string}[]}
    expect(faults.map(({path}) => path)).to.deep.equal(['placementConstraints[0].expression'])
    expect(faults[0]?.rule).to.match(/^is wrong at column 16: "=" stands where an operator/)
  })

  it('is explained: every instance, the ranks, what decided', async () => {
    const words = [
      'placement',
      'explain',
      ...SMALL,
      '--placement-constraint',
      'memberOf:attribute:disk == ssd',
      '--placement-strategy',
      'spread:attribute:ecs.availability-zone',
    ]
    await placed(1, '--placement-constraint', 'memberOf:ec2InstanceId == db1')

    const {explanation} = await stage.session.json<{readonly explanation: Explanation}>(...words)
    const text = await stage.session.text(...words)

    expect(explanation.instances.map(({fits, instance, rank}) => [instance, fits, rank])).to.deep.equal([
      ['db1', true, 2],
      ['web1', true, 1],
      ['web2', false, undefined],
    ])
    expect(text)
      .to.match(/^web1 +1 /m)
      .and.match(/^web2 +- .*! disk is hdd/m)
      .and.match(
        /^web1 is chosen: spread:attribute:ecs\.availability-zone: ecs\.availability-zone a holds 0 tasks of family:busybox, and of the next/m,
      )
    const {explanation: dry} = await stage.session.json<{readonly explanation: Explanation}>(
      'task',
      'run',
      ...words.slice(2),
      '--dry-run',
      '--',
      'true',
    )
    expect(dry).to.deep.equal(explanation)
  })

  it('is told of a task long after, from what was kept of it', async () => {
    const flags = ['--placement-constraint', 'memberOf:attribute:disk == ssd', '--placement-strategy', 'binpack:memory']
    const [first = '', second = ''] = await stage.launchAll([...flags, '--count', '2'])
    await stage.session.text('instance', 'drain', 'db1')

    const {placement} = await stage.session.json<{readonly placement: PlacementRecord}>('placement', 'explain', '--task', second)
    const text = await stage.session.text('placement', 'explain', '--task', first.slice(0, 12))
    await stage.session.text('instance', 'activate', 'db1')

    expect(placement).to.deep.include({fittingCount: 2, refusedCount: 0, unfit: {'MemberOf placement constraint unsatisfied.': 1}})
    expect(placement.tasks.map(({id, instance}) => [id, instance])).to.deep.equal([
      [first, 'db1'],
      [second, 'db1'],
    ])
    expect(text)
      .to.match(/^Placed: .*, as 1 of 2 of its run$/m)
      .and.match(/^INSTANCE +RANK +memory \(\d+ MiB\) +memberOf /m)
      .and.match(/^db1 +1 +\d+ MiB +disk is ssd +\d+ MiB remain$/m)
      .and.match(/^web2 +- +\d+ MiB +! disk is hdd +-$/m)
  })

  it('is told of a refused run long after, and listed beside those that were placed', async () => {
    const ran = await stage.session.start(['task', 'run', ...SMALL, '--cpu', '1000000', '--detach', '--', 'true'])
    const [, begin = ''] = /berth placement explain --run (\S+) -c/.exec(ran.stderr) ?? []
    await stage.launchAll(['--placement-strategy', 'binpack:memory'])

    const {placements} = await stage.session.json<{readonly placements: readonly PlacementRecord[]}>('placement', 'list', '--refused')
    const text = await stage.session.text('placement', 'explain', '--run', begin)
    const listed = await stage.session.text('placement', 'list')

    expect(ran.exitCode).to.equal(5)
    expect(placements[0]).to.deep.include({tasks: [], refusedCount: 1, fittingCount: 0, unfit: {'RESOURCE:CPU': 3}})
    expect(placements[0]?.runId.startsWith(begin)).to.equal(true)
    expect(text)
      .to.match(/^web1 +! \d+ CPU units +\d+ MiB/m)
      .and.match(/^Refused: +1$/m)
      .and.match(/^what would have changed the refusal:\n {2}lower cpu by \d+ CPU units: /m)
    expect(
      listed
        .split('\n')
        .slice(1, 3)
        .map((row) => row.split(/ {2,}/).slice(4, 6)),
    ).to.deep.equal([
      ['1', '0'],
      ['0', '1'],
    ])
    await expectRefused(stage.scene, ['placement', 'explain', '--run', 'ffffffffffff'], {
      code: 'PlacementNotKept',
      exitCode: 3,
      said: /^Nothing is kept of a run "ffffffffffff" on cluster "[^"]+": the newest thousand runs are\.$/,
      suggests: /^berth placement list -c /m,
    })
  })

  it('filters a list of instances, and refuses what is no expression with its column', async () => {
    const {containerInstances = []} = await stage.session.json<DescribeContainerInstancesResponse>(
      'instance',
      'list',
      '--filter',
      'attribute:ecs.availability-zone == a and attribute:disk != ssd',
    )

    expect(containerInstances.map(({ec2InstanceId}) => ec2InstanceId)).to.deep.equal(['web2'])
    await expectRefused(stage.scene, ['instance', 'list', '--filter', 'runningTasksCount > few'], {
      code: 'InvalidParameterException',
      exitCode: 2,
      said: /is wrong at column 1: "few" is not a whole number/,
    })
  })

  it('is simulated on instances that are only described, and without one that is lost', async () => {
    const words = [
      'placement',
      'simulate',
      '--image',
      'busybox:test',
      '--memory',
      '100',
      '--cpu',
      '1000',
      '--count',
      '7',
      '--instances',
      '4x2000cpu,1000mem,zone=a|b',
    ]
    const before = await stage.scene.facts()

    const text = await stage.session.text(...words, '--placement-strategy', 'spread:attribute:ecs.availability-zone')
    const lost = await stage.session.berth(...words, '--lose-any')

    expect(text)
      .to.match(/^Tasks placed: +7$/m)
      .and.match(/^Instances used: +4 of 4$/m)
      .and.match(/^Balance: +ecs\.availability-zone: a 4, b 3 \(apart by 1\)$/m)
      .and.match(/^a\d +2 +\[#{20}\] +100% /m)
    expect(lost.exitCode).to.equal(11)
    expect(lost.stdout).to.match(/^without a\d: 1 move, and 1 of busybox:\d find no place$/m)
    expect((await stage.session.berth('placement', 'simulate', ...SMALL, '--lose-any')).exitCode).to.equal(0)
    expect(await stage.scene.facts()).to.deep.equal(before)
  })

  it('is simulated of a file of instances and tasks, as CSV and as JSON', async () => {
    const csv = join(stage.session.folder, 'plan.csv')
    await writeFile(csv, 'kind,name,count,cpu,memory,zone,disk,constraints\ninstance,w,2,2048,4g,a|b,,\ninstance,d,1,2048,4g,a,ssd,\n')
    await appendFile(csv, 'task,front,5,512,512,,,\ntask,db,2,1024,3g,,,memberOf:attribute:disk == ssd\n')
    const json = join(stage.session.folder, 'plan.json')
    await writeFile(json, JSON.stringify({tasks: [{name: 'large', count: 2, cpu: 1, memory: '100t'}]}))

    const simulated = await stage.session.berth('placement', 'simulate', '--file', csv, '--placement-strategy', 'binpack:cpu')
    const refused = await stage.session.text('placement', 'simulate', '--file', json)

    expect(simulated.stdout)
      .to.match(/^d +4 +\[#{20}\] +100% /m)
      .and.match(/^w1 +1 +\[#{5}\.{15}\] +25% /m)
      .and.match(/^Tasks placed: +5, 2 find no place$/m)
      .and.match(/^no place for 2 of db:\n {2}d: needs 1024 CPU units, 0 CPU units remain; needs 3072 MiB, 2048 MiB remain$/m)
    expect(refused).to.match(/^no place for 2 of large:\n {2}db1: needs 104857600 MiB, \d+ MiB remain$/m)
    await expectRefused(stage.scene, ['placement', 'simulate', 'web', '--file', json], {
      code: 'InvalidUsage',
      exitCode: 2,
      said: 'The tasks stand in the file, or on the command line, not in both.',
    })
  })

  it('is simulated of tasks that run, with the constraints of their runs', async () => {
    await stage.launchAll(['--placement-constraint', 'memberOf:attribute:disk == hdd'])

    const lost = await stage.session.berth('placement', 'simulate', ...SMALL, '--count', '0', '--lose-any')

    expect(lost.exitCode).to.equal(11)
    expect(lost.stdout)
      .to.match(/^without web2: 0 move, and 1 of busybox:\d find no place$/m)
      .and.match(/^without db1: 0 move$/m)
  })
})
