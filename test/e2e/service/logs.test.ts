// What the tasks of a service print, on all hosts, as one log.
import {expect} from 'chai'
import {waitUntil} from '../../support/hosts/programs.js'
import {listenTo} from '../session/stage.js'
import {AT_ONCE, ServiceStage, WEB} from './service-stage.js'

describe('the logs of a service', function () {
  this.timeout(120_000)
  let at: ServiceStage

  beforeEach(async () => {
    at = await ServiceStage.open(['web1', 'web2'])
    const script = 'i=0; trap "exit 0" TERM; while :; do i=$((i+1)); echo "line $i"; sleep 0.2 & wait $!; done'
    await at.register('web', {...WEB, command: ['sh', '-c', script]})
    await at.service('create', 'web', '--task-definition', 'web', '--desired-count', '2', ...AT_ONCE)
  })

  afterEach(() => at.close())

  const marks = (text: string) => new Set([...text.matchAll(/^(web\/\d [0-9a-f]{8}) {2}line \d+$/gm)].map(([, mark]) => mark))

  it('bear place and task of each line, in the order of time, and can be cut', async () => {
    await waitUntil('both to print', async () => marks(await at.service('logs', 'web')).size === 2)

    const moments = (await at.service('logs', 'web', '--timestamps')).split('\n').map((line) => line.split(' ')[0] ?? '')
    expect(moments).to.deep.equal(moments.toSorted())
    expect((await at.service('logs', 'web', '--tail', '3')).split('\n')).to.have.length(3)
    expect((await at.service('logs', 'web', '--grep', 'line 1')).split('\n').every((line) => line.includes('line 1'))).to.equal(true)
  })

  it('are a JSON document a line for a program, also while they come', async () => {
    await waitUntil('both to print', async () => marks(await at.service('logs', 'web')).size === 2)

    const lines = (await at.stage.session.text('service', 'logs', 'web', '--json', '--grep', 'line 1')).split('\n')
    const documents = lines.map((line) => JSON.parse(line) as Readonly<Record<string, string>>)
    expect(documents.map(({timestamp = ''}) => timestamp)).to.deep.equal(documents.map(({timestamp = ''}) => timestamp).toSorted())
    for (const {container, message, service, stream} of documents)
      expect({container, service, stream, isLine: /^line 1\d*$/.test(message ?? '')}).to.deep.equal({
        container: 'web',
        service: 'web',
        stream: 'stdout',
        isLine: true,
      })
    expect(new Set(documents.map(({instance}) => instance))).to.deep.equal(new Set(['web1', 'web2']))
    const following = listenTo(at.stage.session.start(['service', 'logs', 'web', '-f', '--json', '--tail', '0']))
    await waitUntil('a line of both', () => ['web1', 'web2'].every((name) => following.said().includes(`"instance":"${name}"`)))
    following.signal('SIGINT')
    await following.ended
    const [id = ''] = await at.taskIds()
    const [last = ''] = (await at.stage.session.text('task', 'logs', id, '--tail', '1', '--json')).split('\n')
    expect(JSON.parse(last)).to.include({taskId: id, container: 'web', stream: 'stdout'})
  })

  it('are of tasks in which programs can be run', async () => {
    expect(await at.service('exec', 'web', '--slot', '2', '--', 'echo', 'inside')).to.equal('inside')
    expect((await at.stage.session.berth('service', 'exec', 'web', '--', 'sh', '-c', 'exit 7')).exitCode).to.equal(7)
    expect((await at.stage.session.berth('service', 'exec', 'web', '--slot', '9', '--', 'true')).exitCode).to.equal(4)
  })

  it('go on with the tasks that take the place of others', async () => {
    const following = listenTo(at.stage.session.start(['service', 'logs', 'web', '-f']))
    await waitUntil('both to be followed', () => marks(following.said()).size === 2)

    await at.service('update', 'web', '--force-new-deployment')

    await waitUntil('all four to be followed', () => marks(following.said()).size === 4)
    following.signal('SIGINT')
    expect((await following.ended).exitCode).to.equal(130)
  })
})
