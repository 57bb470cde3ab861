// A service that nobody watches: its engine brings back what dies, as the same task, and hands it back when somebody takes over.
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {DescribeServicesResponse, ListTasksResponse, Task} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {docker, killEngine, startEngine} from '../../support/hosts/engine.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {idOf, LASTING, Stage} from '../session/stage.js'

describe('a service with nobody home', function () {
  this.timeout(120_000)
  let stage: Stage

  beforeEach(async () => {
    stage = await Stage.open(['web1', 'web2'])
  })

  afterEach(() => stage.close())

  async function register(family: string, containers: readonly object[]): Promise<void> {
    const file = join(stage.session.folder, `${family}.json`)
    await writeFile(file, JSON.stringify({family, containerDefinitions: containers}))
    await stage.session.text('task-definition', 'register', file)
  }

  const container = {name: 'web', image: 'busybox:test', memory: 16, command: LASTING}

  async function tasks(): Promise<readonly Task[]> {
    const {tasks: found = []} = await stage.session.json<ListTasksResponse & {tasks?: Task[]}>('task', 'list')
    return found
  }

  async function events(name: string): Promise<readonly string[]> {
    const {services: [service] = []} = await stage.session.json<DescribeServicesResponse>('service', 'describe', name)
    return (service?.events ?? []).map(({message = ''}) => message)
  }

  const policy = async (id: string) => (await docker(stage.host('web1'), 'inspect', '-f', '{{.HostConfig.RestartPolicy.Name}}', id)).trim()

  it('has a container that dies started again by its engine, and tells of it', async () => {
    await register('web', [container])
    await stage.session.text('service', 'create', 'web', '--task-definition', 'web', '--desired-count', '2', '--healthy-after', '0')
    const before = (await tasks()).map(idOf)
    const [id = ''] = await stage.containers('web1')
    expect(await policy(id)).to.equal('unless-stopped')

    process.kill(Number(await docker(stage.host('web1'), 'inspect', '-f', '{{.State.Pid}}', id)), 'SIGKILL')
    await waitUntil('the engine to tell of it', async () =>
      (await events('web')).some((said) => said.includes('was started again by its engine')),
    )

    expect((await tasks()).map(idOf)).to.have.members(before)
    expect(await stage.containers('web1')).to.deep.equal([id])
    expect((await stage.session.berth('cluster', 'drift')).exitCode).to.equal(0)
  })

  it('is back as the same tasks after its engine was stopped and started again, as by a reboot', async () => {
    await register('web', [container])
    await stage.session.text('service', 'create', 'web', '--task-definition', 'web', '--desired-count', '2', '--healthy-after', '0')
    const before = (await tasks()).map(idOf)

    await killEngine(stage.host('web1'), 'SIGTERM')
    await startEngine(stage.host('web1'))

    await waitUntil('both tasks run', async () => (await tasks()).filter(({lastStatus}) => lastStatus === 'RUNNING').length === 2, 30_000)
    expect((await tasks()).map(idOf)).to.have.members(before)
  })

  it('warns of tasks of several containers, which no engine brings back', async () => {
    await register('pair', [container, {...container, name: 'helper'}])
    const words = ['service', 'create', 'pair', '--task-definition', 'pair', '--healthy-after', '0']

    expect(await stage.session.text(...words, '--dry-run')).to.match(/note: tasks of pair:1 are more than one plain container/)
    await stage.session.text(...words)

    const all = [...(await stage.containers('web1')), ...(await stage.containers('web2'))]
    expect(all).to.have.length(2)
    expect(await events('pair')).to.satisfy((said: string[]) => said.some((one) => one.endsWith('has reached a steady state.')))
  })
})
