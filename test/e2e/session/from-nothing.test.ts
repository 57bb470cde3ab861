// The session that the README promises, from nothing to an empty state again, each step compared with what Docker says.
import {get} from 'node:http'
import type {DescribeTasksResponse, Task} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {docker} from '../../support/hosts/engine.js'
import {tagImage} from '../../support/hosts/images.js'
import {waitUntil} from '../../support/hosts/programs.js'
import {sshHost} from '../../support/hosts/test-hosts.js'
import {LASTING, Stage} from './stage.js'

describe('a session from nothing', function () {
  this.timeout(60_000)
  let stage: Stage
  let web: string

  before(async () => {
    stage = await Stage.open([])
    for (const host of [stage.hosts.local, ...stage.hosts.ssh]) await tagImage(host, 'busybox:test', 'alpine:3')
    await stage.session.text('cluster', 'delete', 'prod')
  })

  after(() => stage.close())

  it('creates a cluster, which is then the one in use', async () => {
    expect(await stage.session.text('cluster', 'create', 'prod')).to.equal('prod')
    expect(await stage.session.text('cluster', 'list')).to.match(/prod/)
  })

  it('joins the local engine and a host by ssh', async () => {
    const {url} = sshHost(stage.hosts, 'db1')
    const flags = ['--name', 'db1', '--zone', 'a', '--instance-type', 'm5.large', '--attribute', 'disk=ssd', '--reserve-memory', '512']

    expect(await stage.session.text('instance', 'join', 'local', '--zone', 'home', '--name', 'here')).to.equal('here')
    expect(await stage.session.text('instance', 'join', url, ...flags)).to.equal('db1')

    for (const host of [stage.hosts.local, sshHost(stage.hosts, 'db1')])
      expect((await docker(host, 'volume', 'ls', '-q')).trim(), host.name).to.match(
        /^berth-instance-[\da-f]{32}\nberth-record-cluster-.*\nberth-record-instance-.*$/,
      )
  })

  it('runs a task whose exit code the shell sees', async () => {
    const ran = await stage.session.berth('task', 'run', '--image', 'alpine:3', '--memory', '64', '--', 'sh', '-c', 'echo hi; exit 3')

    expect(ran).to.include({exitCode: 3, stdout: 'hi'})
    expect(ran.stderr).to.match(/^task [\da-f]{32} exited 3$/)
  })

  it('starts a web server and prints its URL, which answers, and its id', async () => {
    await stage.session.text('instance', 'drain', 'here')
    const command = ['sh', '-c', 'trap "exit 0" TERM; echo hello > /tmp/index.html; httpd -p 80 -h /tmp; echo ready; sleep 600 & wait']
    const said = await stage.session.text(
      'task',
      'run',
      '--image',
      'alpine:3',
      '--memory',
      '64',
      '-p',
      '8080:80',
      '--detach',
      '--',
      ...command,
    )
    const [url = '', id = ''] = said.split('\n')
    web = id

    expect(url).to.equal(`http://${sshHost(stage.hosts, 'db1').address}:8080`)
    expect(await bodyOf(url)).to.equal('hello\n')
    const facts = await stage.container('db1', web)
    expect(facts.HostConfig.Memory).to.equal(64 * 1024 * 1024)
    expect(facts.NetworkSettings.Ports['80/tcp']?.[0]?.HostPort).to.equal('8080')
    await stage.session.text('instance', 'activate', 'here')
  })

  it('lists it and describes it as Docker does', async () => {
    const {Id, Name, Image} = await stage.container('db1', web)
    const {tasks = []} = await stage.session.json<DescribeTasksResponse>('task', 'list')
    const described = await stage.task(web.slice(0, 6))

    expect(tasks.map(({taskArn}) => taskArn)).to.deep.equal([described.taskArn])
    expect(described).to.include({lastStatus: 'RUNNING', desiredStatus: 'RUNNING', availabilityZone: 'a', connectivity: 'CONNECTED'})
    expect(described.containers?.[0]).to.include({runtimeId: Id, imageDigest: Image, lastStatus: 'RUNNING'})
    expect(await stage.session.text('task', 'describe', web)).to.include(Name.slice(1))
    expect(await stage.session.text('task', 'list')).to.match(new RegExp(`${web.slice(0, 12)} +alpine:\\d+ +RUNNING +db1 .*8080->80/tcp`))
  })

  it('prints its logs and runs a program inside it', async () => {
    expect(await stage.session.text('task', 'logs', web)).to.equal('ready')
    expect(await stage.session.text('task', 'exec', web, '--', 'cat', '/tmp/index.html')).to.equal('hello')
  })

  it('stops it, by its signal and with its own exit code', async () => {
    expect(await stage.session.text('task', 'stop', web)).to.equal(web)

    const facts = await stage.container('db1', web)
    expect(facts.State).to.include({ExitCode: 0, Status: 'exited'})
    const stopped: Task = await stage.task(web)
    expect(stopped).to.include({lastStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user'})
    expect(await stage.session.text('task', 'list')).to.equal('No tasks.')
  })

  it('deletes the cluster with all that it holds, and leaves nothing of it on the hosts', async () => {
    await stage.launchAll(['--count', '2'], ...LASTING)

    expect(await stage.session.text('cluster', 'delete', 'prod', '--force', '--yes')).to.equal('prod')

    for (const host of ['local', 'db1']) {
      expect(await stage.containers(host), host).to.deep.equal([])
      expect(await docker(stage.host(host), 'volume', 'ls', '-q'), host).to.equal('')
    }
    expect(await stage.session.json('cluster', 'list')).to.deep.equal({clusters: [], failures: []})
  })
})

/** What the URL answers to a GET, once somebody listens there: a container runs a moment before its program does. */
async function bodyOf(url: string): Promise<string> {
  let body: string | undefined
  await waitUntil(`an answer at ${url}`, async () => {
    body = await answerOf(url)
    return body !== undefined
  })
  return body ?? ''
}

/** `undefined` where nobody listens yet. */
function answerOf(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    get(url, async (response) => {
      let body = ''
      for await (const piece of response) body += piece
      resolve(body)
    }).on('error', () => resolve(undefined))
  })
}
