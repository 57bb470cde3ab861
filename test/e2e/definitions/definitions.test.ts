// Task definitions through the built program: no host is needed.
import {mkdir, realpath, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {DescribeTaskDefinitionResponse} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {execa} from 'execa'
import {openSession, type Session} from '../../support/session.js'

const WEB = {
  family: 'web',
  cpu: '.5 vCPU',
  memory: '1 GB',
  containerDefinitions: [
    {
      name: 'app',
      image: 'nginx:1',
      portMappings: [{containerPort: 80}],
      environment: [{name: 'A', value: '1'}],
      logConfiguration: {
        logDriver: 'awslogs',
        options: {'awslogs-group': 'g', 'awslogs-region': 'r'},
      },
    },
    {
      name: 'log',
      image: 'log:1',
      essential: false,
      dependsOn: [{containerName: 'app', condition: 'START'}],
    },
  ],
  tags: [{key: 'team', value: 'web'}],
}

const YAML = `family: web
cpu: "512"
memory: "1024"
containerDefinitions:
  - name: app
    image: nginx:2
    portMappings: [{containerPort: 80}]
`

describe('task definitions', function () {
  this.timeout(60_000)
  let session: Session
  let folder: string
  const file = (name: string) => join(folder, name)

  before(async () => {
    session = await openSession()
    folder = join(session.folder, 'definitions')
    await mkdir(folder)
    await writeFile(file('web.json'), JSON.stringify(WEB))
    await writeFile(file('web.yaml'), YAML)
  })

  after(() => session.close())

  it('are registered from JSON, from YAML and from what AWS prints, each under a number of its own, with notes', async () => {
    const first = await session.berth('task-definition', 'register', file('web.json'))
    expect(first).to.include({exitCode: 0, stdout: 'web:1'})
    expect(first.stderr).to.match(/^note: containerDefinitions\[0\]\.logConfiguration: .*json-file/m)
    expect(await session.text('taskdef', 'register', file('web.yaml'))).to.equal('web:2')

    const described = JSON.stringify({
      taskDefinition: {
        ...WEB,
        taskDefinitionArn: 'arn:aws:ecs:eu-west-1:1:task-definition/web:77',
        revision: 77,
        status: 'ACTIVE',
        registeredBy: 'me',
        tags: undefined,
      },
      tags: WEB.tags,
    })
    const piped = session.start(['task-definition', 'register', '-', '--json', '--tag', 'stage=prod'], {stdin: 'pipe'})
    piped.stdin?.end(described)
    const {taskDefinition, tags, notes} = JSON.parse(String((await piped).stdout))
    expect(taskDefinition).to.include({
      family: 'web',
      revision: 3,
      status: 'ACTIVE',
      cpu: '512',
      memory: '1024',
    })
    expect(tags).to.deep.equal([...WEB.tags, {key: 'stage', value: 'prod'}])
    expect(notes.map(({path}: {path: string}) => path))
      .to.include('taskDefinitionArn')
      .and.to.include('revision')
  })

  it('are listed newest first, described for people and as ECS does', async () => {
    expect((await session.text('task-definition', 'list', '-q')).split('\n')).to.deep.equal(['web:3', 'web:2', 'web:1'])
    const told = await session.text('task-definition', 'describe', 'web:1')
    for (const words of ['web:1', 'app START', '512 CPU units, 1024 MiB', '80/tcp', 'team=web', await realpath(folder)])
      expect(told).to.contain(words)
    const {taskDefinition, tags} = await session.json<DescribeTaskDefinitionResponse>('task-definition', 'describe', 'web')
    expect(taskDefinition).to.include({revision: 3})
    expect(taskDefinition?.taskDefinitionArn).to.match(/task-definition\/web:3$/)
    expect(tags).to.have.length(2)
  })

  it('tell every fault at once, by its place and rule, register nothing, and exit with 2', async () => {
    await writeFile(
      file('bad.json'),
      JSON.stringify({
        family: 'b d',
        containerDefinitions: [
          {
            name: 'a',
            image: 'x:1',
            memory: 64,
            memoryReservation: 128,
            dependsOn: [{containerName: 'b', condition: 'HEALTHY'}],
          },
          {
            name: 'b',
            image: 'x:1',
            memory: 64,
            dependsOn: [{containerName: 'a', condition: 'START'}],
            healthCheck: {command: ['CMD']},
            tty: true,
          },
        ],
      }),
    )
    const before = await session.text('task-definition', 'list', '-q', '--status', 'ALL')

    const plain = await session.berth('task-definition', 'register', file('bad.json'))
    expect(plain.exitCode).to.equal(2)
    for (const place of [
      'family "b d"',
      'containerDefinitions[0].memory',
      'containerDefinitions[1].healthCheck',
      'containerDefinitions[1].tty',
    ])
      expect(plain.stderr).to.contain(place)
    const json = JSON.parse((await session.berth('task-definition', 'validate', file('web.json'), file('bad.json'), '--json')).stdout)
    expect(json.error).to.include({code: 'ClientException', exitCode: 2})
    expect(json.files.map(({valid}: {valid: boolean}) => valid)).to.deep.equal([true, false])
    expect(json.files[1].faults.length).to.be.at.least(4)
    expect(await session.text('task-definition', 'validate', file('web.yaml'))).to.contain('web.yaml: ok')
    expect(await session.text('task-definition', 'list', '-q', '--status', 'ALL')).to.equal(before)
  })

  it('differ place by place, between revisions and from a file', async () => {
    const lines = (await session.text('task-definition', 'diff', 'web:1', 'web:2')).split('\n')
    expect(lines).to.include('  containerDefinitions[app].image: "nginx:1" -> "nginx:2"')
    expect(lines.some((line) => line.startsWith('- containerDefinitions[log]'))).to.equal(true)
    expect((await session.berth('task-definition', 'diff', 'web:1', file('web.yaml'), '--exit-code')).exitCode).to.equal(11)
    expect(await session.text('task-definition', 'diff', 'web:2', file('web.yaml'), '--exit-code')).to.equal('No differences.')
  })

  it('are handed on as they came, in JSON and in YAML, and taken back as the same', async () => {
    for (const format of ['json', 'yaml']) {
      const text = await session.text('task-definition', 'export', 'web:1', '--format', format)
      await writeFile(file(`again.${format}`), text)
      expect(await session.text('task-definition', 'diff', 'web:1', file(`again.${format}`))).to.equal('No differences.')
    }
    expect(JSON.parse(await session.text('task-definition', 'export', 'web:1'))).to.deep.equal({...WEB, cpu: '512', memory: '1024'})
  })

  it('are deregistered and deleted by their numbers alone, and never numbered again', async () => {
    expect((await session.berth('task-definition', 'deregister', 'web')).stderr).to.match(/Name the revision to deregister/)
    expect((await session.berth('task-definition', 'delete', 'web:3', '--yes')).stderr).to.match(/"web:3" is ACTIVE/)
    expect(await session.text('task-definition', 'deregister', 'web:3', '--dry-run')).to.equal('deregister web:3 (no new task runs it)')
    expect(await session.text('task-definition', 'deregister', 'web:3')).to.equal('web:3')
    expect(await session.text('task-definition', 'list', '--status', 'INACTIVE', '-q')).to.equal('web:3')
    expect((await session.berth('task', 'run', 'web:3')).exitCode).to.be.oneOf([3])
    const refused = await session.berth('task-definition', 'delete', 'web:3')
    expect(refused.exitCode).to.equal(10)
    expect(await session.text('task-definition', 'delete', 'web:3', '--yes')).to.equal('web:3')
    expect(await session.text('task-definition', 'register', file('web.json'))).to.equal('web:4')
    const unknown = await session.berth('task-definition', 'describe', 'wib')
    expect(unknown.exitCode).to.equal(3)
    expect(unknown.stderr).to.contain('berth task-definition list --family web')
  })

  it('complete by family and revision', async () => {
    const {stdout} = await execa(
      process.execPath,
      [new URL('../../../bin/run.js', import.meta.url).pathname, '__complete', 'task-definition', 'describe', 'we'],
      {
        env: session.environment,
        extendEnv: false,
        reject: false,
      },
    )
    expect(stdout.split('\n')).to.include('web:1')
  })
})
