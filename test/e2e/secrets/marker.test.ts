// A planted secret is searched for wherever one must never be: state, files beside it, labels, logs of commands, arguments of processes, what goes over the
// wire in URLs, error texts. It may stand in the container's environment alone.
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import {readdirSync, readFileSync} from 'node:fs'
import {createServer, connect} from 'node:net'
import {once} from 'node:events'
import {join} from 'node:path'
import {randomBytes} from 'node:crypto'
import {expect} from 'chai'
import {docker} from '../../support/hosts/engine.js'
import {listenTo} from '../session/stage.js'
import {aScript, lasting, Lives} from '../lifecycle/lives.js'

/** What must be nowhere but in the environment of the container. */
const marker = `marker-${randomBytes(12).toString('hex')}`

describe('secrets', function () {
  this.timeout(120_000)
  let lives: Lives
  let folder: string
  let requests = ''
  let proxied = ''

  before(async () => {
    lives = await Lives.open()
    folder = join(lives.stage.session.folder, 'definition')
    await mkdir(folder)
    await writeFile(join(folder, 'password'), `${marker}-file\n`)
    await writeFile(join(folder, 'print-secret'), `#!/bin/sh\necho "${marker}-exec"\n`, {mode: 0o755})
    await writeFile(join(folder, 'app.env'), `# kept out of everything\nFROM_ENV_FILE=${marker}-envfile\n`)
    // Everything that is said to the engine passes through here.
    proxied = join(lives.stage.session.folder, 'engine.sock')
    const proxy = createServer((client) => {
      const engine = connect(lives.stage.host('local').socketPath)
      client.on('data', (bytes) => {
        requests += bytes.toString('latin1')
      })
      client.pipe(engine).pipe(client)
      for (const socket of [client, engine]) socket.on('error', () => {})
    }).listen(proxied)
    await once(proxy, 'listening')
    proxy.unref()
    await lives.stage.session.text('instance', 'leave', 'local')
    await lives.stage.session.json('instance', 'join', `unix://${proxied}`, '--name', 'local')
  })

  after(() => lives.close())

  const secretive = (script: string) =>
    aScript('app', script, {
      environmentFiles: [{value: 'app.env', type: 's3'}],
      secrets: [
        {name: 'FROM_ENV', valueFrom: 'env:PLANTED'},
        {name: 'FROM_FILE', valueFrom: 'file:password'},
        {name: 'FROM_EXEC', valueFrom: `exec:${JSON.stringify([join(folder, 'print-secret')])}`},
        {name: 'FROM_AWS', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf'},
      ],
      logConfiguration: {logDriver: 'json-file', secretOptions: [{name: 'tag', valueFrom: 'env:PLANTED'}]},
    })

  async function register(script: string): Promise<string> {
    const file = join(folder, 'secretive.json')
    await writeFile(file, JSON.stringify({family: 'secretive', containerDefinitions: [secretive(script)]}))
    return (await lives.stage.session.text('task-definition', 'register', file)).trim().split('\n').at(-1) ?? ''
  }

  const FLAGS = ['--allow-client-secrets', '--secret', 'FROM_AWS=env:PLANTED']
  const env = {PLANTED: `${marker}-env`, DEBUG: '*'}
  const started = async (words: readonly string[]) => {
    const {exitCode, stderr, stdout} = await lives.stage.session.start(words, {env})
    return {exitCode, said: `${stdout}\n${stderr}`}
  }

  /** Fails where the marker stands in anything that Berth writes, says or sends, but in bodies that make a container. */
  async function expectNowhere(said: string): Promise<void> {
    const files = (await readdir(lives.stage.session.folder, {recursive: true, withFileTypes: true})).filter(
      (entry) => entry.isFile() && !entry.parentPath.startsWith(folder),
    )
    for (const {name, parentPath} of files)
      expect(await readFile(join(parentPath, name), 'latin1'), `${parentPath}/${name}`).to.not.contain(marker)
    expect(said, 'what was said').to.not.contain(marker)
    const urls = [...requests.matchAll(/(?:DELETE|GET|HEAD|POST|PUT) (\S+) HTTP\/1\.1\r\n/g)].map(([, url]) => url)
    expect(urls.length).to.be.greaterThan(0)
    for (const url of urls) expect(url).to.not.contain(marker)
    const containers = await lives.stage.containers('local')
    for (const id of containers) {
      const [seen] = JSON.parse(await docker(lives.stage.host('local'), 'inspect', id))
      const {Env, ...config} = seen.Config
      const {LogConfig, ...host} = seen.HostConfig
      const rest = {...seen, Config: config, HostConfig: host}
      expect(JSON.stringify(rest), 'all of a container but its environment and its log driver').to.not.contain(marker)
      // What is searched for is there to be found.
      expect(JSON.stringify([Env, LogConfig])).to.contain(marker)
    }
    expect(await docker(lives.stage.host('local'), 'events', '--since', '10m', '--until', '0s', '--format', '{{json .}}')).to.not.contain(
      marker,
    )
    // A log driver's complaint is Docker's own, and its log has it whatever we do.
    const log = await readFile(join(lives.stage.host('local').folder, 'dockerd.log'), 'latin1')
    const lines = log.split('\n').filter((line) => !line.includes('failed to initialize logging driver'))
    expect(lines.filter((line) => line.includes(marker))).to.deep.equal([])
    expect(await docker(lives.stage.host('local'), 'volume', 'ls', '--format', '{{json .}}')).to.not.contain(marker)
  }

  it('reach the container from a variable, a file, a program and an environment file, and nothing else', async () => {
    const id = await register('echo "$FROM_ENV $FROM_FILE $FROM_EXEC $FROM_AWS $FROM_ENV_FILE" | sed s/marker/shown/g; sleep 1')
    const ran = await started(['task', 'run', id, ...FLAGS])

    expect(ran.exitCode, ran.said).to.equal(0)
    const shown = marker.replace('marker', 'shown')
    expect(ran.said).to.contain(['env', 'file', 'exec', 'env', 'envfile'].map((kind) => `${shown}-${kind}`).join(' '))
    await expectNowhere(ran.said)
  })

  it('are in no argument of any process, and in no answer, while the task runs and after it', async () => {
    const id = await register(lasting())
    const running = listenTo(lives.stage.session.start(['task', 'run', id, '--detach', '--json', ...FLAGS], {env: {PLANTED: env.PLANTED}}))
    const seen = new Set<string>()
    let over = false
    const ended = running.ended.finally(() => {
      over = true
    })
    while (!over) {
      for (const words of commandLines()) seen.add(words)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const {exitCode, stdout} = await ended

    expect(exitCode).to.equal(0)
    expect([...seen].filter((words) => words.includes(marker))).to.deep.equal([])
    const {tasks: [task] = []} = JSON.parse(stdout)
    for (const words of [
      ['task', 'describe', task.taskArn, '--json'],
      ['task-definition', 'describe', id, '--json'],
      ['task', 'list', '--json'],
      ['task', 'stop', task.taskArn, '--json'],
    ]) {
      const {said} = await started(words)
      await expectNowhere(said)
    }
  })

  it('are in no error: of a task that does not start, of a program that fails, of a file that is not there', async () => {
    const broken = await register('true')
    await writeFile(
      join(folder, 'broken.json'),
      JSON.stringify({family: 'broken', containerDefinitions: [{...secretive(''), entryPoint: ['/none'], command: []}]}),
    )
    await lives.stage.session.text('task-definition', 'register', join(folder, 'broken.json'))
    const failing = await started(['task', 'run', 'broken', ...FLAGS])
    expect(failing.exitCode).to.equal(7)
    await expectNowhere(failing.said)

    await writeFile(join(folder, 'print-secret'), `#!/bin/sh\necho "${marker}-exec"; echo "${marker}-err" >&2; exit 3\n`, {mode: 0o755})
    const before = lives.stage.scene.stateText()
    const program = await started(['task', 'run', broken, ...FLAGS])
    expect(program.exitCode, program.said).to.equal(3)
    expect(program.said).to.match(/print-secret".*ended with 3/)
    await expectNowhere(program.said)
    expect(lives.stage.scene.stateText(), 'the state').to.equal(before)
  })

  it('are in no record of a task whose log driver refuses one: Docker quotes it', async () => {
    const file = join(folder, 'logged.json')
    const logConfiguration = {logDriver: 'json-file', secretOptions: [{name: 'max-size', valueFrom: 'env:PLANTED'}]} as const
    await writeFile(file, JSON.stringify({family: 'logged', containerDefinitions: [aScript('app', 'true', {logConfiguration})]}))
    await lives.stage.session.text('task-definition', 'register', file)
    const ran = await started(['task', 'run', 'logged', '--json'])

    expect(ran.exitCode, ran.said).to.equal(7)
    expect(ran.said).to.match(/invalid size: '\*\*\*'/)
    await expectNowhere(ran.said)
  })

  it('are asked for by name before anything is touched: where AWS has them, and where the definition wants more than its folder', async () => {
    const id = await register('true')
    const before = await lives.stage.scene.facts()

    const aws = await lives.stage.session.start(['task', 'run', id, '--allow-client-secrets'], {env})
    expect(aws.exitCode).to.equal(3)
    expect(String(aws.stderr)).to.match(/No value is here for secret "FROM_AWS" of container "app", which AWS keeps as/)

    const unasked = await lives.stage.session.start(['task', 'run', id, '--secret', 'FROM_AWS=env:PLANTED'], {env: {PLANTED: env.PLANTED}})
    expect(unasked.exitCode).to.equal(10)
    expect(String(unasked.stderr)).to.match(/wants to run .*print-secret.*--allow-client-secrets/s)

    const unset = await lives.stage.session.start(['task', 'run', id, ...FLAGS], {})
    expect(unset.exitCode).to.equal(3)
    expect(String(unset.stderr)).to.match(/environment variable "PLANTED", which holds a secret, is not set/)

    const dry = await started(['task', 'run', id, '--dry-run'])
    expect(dry.exitCode, dry.said).to.equal(0)
    await expectNowhere(dry.said)
    expect(await lives.stage.scene.facts()).to.deep.equal(before)
  })
})

/** The words of every process of this machine. */
function commandLines(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
      } catch {
        // It has ended meanwhile.
        return []
      }
    })
}
