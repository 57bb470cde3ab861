// Published definitions, run as they are: each reaches the state that ECS would give it. Images that nobody can pull are stood in for, and what publishers
// leave for others to fill in is filled in.
import {readdirSync, readFileSync} from 'node:fs'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {RunTaskResponse, Task} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import type {ContainerDefinition} from '../../../src/model/container-definition.js'
import type {TaskDefinitionDocument} from '../../../src/model/task-definition.js'
import {tagImage} from '../../support/hosts/images.js'
import {idOf, Stage} from '../session/stage.js'
import type {Seen} from './lives.js'
import {buildStandIn, STAND_IN} from './stand-ins.js'

const FOLDER = fileURLToPath(new URL('../../data/task-definitions/', import.meta.url))
const HOST = 'web1'

interface Listed {
  readonly file: string
  readonly valid_in_aws_model: boolean
}

/** What these need that is not here: a Windows host, and a file system of AWS. */
const NOT_HERE: Readonly<Record<string, {readonly flags?: readonly string[]; readonly exitCode: number; readonly said: RegExp}>> = {
  'aws__aws-for-fluent-bit__ecs_windows_forward_daemon_README.md__block124.json': {
    exitCode: 7,
    said: /CannotStartContainerError: .*Powershell/,
  },
  'aws__aws-for-fluent-bit__troubleshooting_tutorials_remote-core-dump_ecs-fargate-task-def.json': {exitCode: 2, said: /fs-1{24}.*--efs/},
}

const {files} = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) as {readonly files: readonly Listed[]}
const published = files.filter((one) => one.valid_in_aws_model).map(({file}) => file)

describe('task run, of published definitions', function () {
  this.timeout(120_000)
  let stage: Stage

  before(async () => {
    stage = await Stage.open([])
    await stage.session.json('instance', 'join', `ssh://${HOST}`, '--name', HOST, '--cpu', '100000', '--memory', '100000')
    await buildStandIn(stage.host(HOST), stage.session.folder)
  })

  after(() => stage.close())

  it('knows every file of the folder', () => {
    expect(
      readdirSync(FOLDER)
        .filter((name) => name.endsWith('.json') && name !== 'index.json')
        .sort(),
    ).to.deep.equal(files.map(({file}) => file).sort())
  })

  for (const file of published)
    it(`${NOT_HERE[file] ? 'says what is missing for' : 'runs'} ${file}`, async () => {
      const document = filledIn(file)
      for (const {image} of document.containerDefinitions) if (image !== STAND_IN) await tagImage(stage.host(HOST), STAND_IN, image)
      const path = join(stage.session.folder, file)
      await writeFile(path, JSON.stringify(document))
      const id = (await stage.session.text('task-definition', 'register', path)).trim().split('\n').at(-1) ?? ''
      const secrets = document.containerDefinitions.flatMap(({secrets = []}) =>
        secrets.flatMap(({name}) => ['--secret', `${name}=env:HOME`]),
      )

      const ran = await stage.session.berth('task', 'run', id, '--detach', '--json', ...secrets)
      const missing = NOT_HERE[file]
      if (missing) {
        expect(ran.exitCode, ran.stdout).to.equal(missing.exitCode)
        expect(JSON.parse(ran.stdout).error.message).to.match(missing.said)
        return
      }
      expect(ran.exitCode, ran.stdout + ran.stderr).to.equal(0)
      const {tasks: [task] = []} = JSON.parse(ran.stdout) as RunTaskResponse
      if (!task) throw new Error('No task was started.')
      await expectAsWritten(stage, task, document)
      await stage.session.text('task', 'stop', idOf(task), '--timeout', '2')
      expect(await stage.task(idOf(task))).to.include({lastStatus: 'STOPPED', stopCode: 'UserInitiated'})
    })
})

/** The definition, or the part of a file that is one, without what its publisher left open. */
function filledIn(file: string): TaskDefinitionDocument {
  const text = readFileSync(join(FOLDER, file), 'utf8')
    .replaceAll('{{networkmode}}', 'bridge')
    .replaceAll('{{launchtype}}', 'EC2')
    .replaceAll('{INSERT ticket/issue ID}', 'crash')
  const document = JSON.parse(text) as TaskDefinitionDocument
  const containers = document.containerDefinitions.map((one) => (/[{}]/.test(one.image) ? {...one, image: STAND_IN} : one))
  return {...document, containerDefinitions: containers}
}

/** The task runs as its definition says, and Docker says the same. */
async function expectAsWritten(stage: Stage, task: Task, document: TaskDefinitionDocument): Promise<void> {
  expect(task.lastStatus).to.equal('RUNNING')
  const found = (await stage.found(HOST, idOf(task))) as readonly (Seen & {readonly HostConfig: HostFacts})[]
  const named = new Map(found.map((one) => [one.Config.Labels['berth.container'] ?? '', one]))
  for (const container of document.containerDefinitions) {
    const seen = named.get(container.name)
    if (!seen) throw new Error(`There is no container ${container.name}.`)
    expect(seen.State.Status).to.equal('running')
    expect(seen.HostConfig.NetworkMode).to.match(networkOf(document))
    expect(seen.HostConfig.Memory).to.equal(memoryOf(document, container) * 1024 * 1024)
    expect(seen.HostConfig.LogConfig.Type).to.equal(logDriverOf(container))
    expect(seen.HostConfig.Links ?? []).to.have.length((container.links ?? []).length)
    expect(seen.HostConfig.Binds ?? []).to.have.length((container.mountPoints ?? []).length)
    for (const {name, value} of container.environment ?? []) expect(seen.Config.Env).to.include(`${name}=${value}`)
  }
}

interface HostFacts {
  readonly NetworkMode: string
  readonly Memory: number
  readonly LogConfig: {readonly Type: string}
  readonly Links: readonly string[] | null
  readonly Binds: readonly string[] | null
}

function networkOf({networkMode}: TaskDefinitionDocument): RegExp {
  return networkMode === 'awsvpc' ? /^container:/ : networkMode === 'host' ? /^host$/ : /^(default|bridge)$/
}

/** What only AWS has is mapped; without a word it is the engine's default. */
function logDriverOf({logConfiguration}: ContainerDefinition): string {
  const driver = logConfiguration?.logDriver ?? 'json-file'
  return driver.startsWith('aws') ? 'json-file' : driver
}

function memoryOf({memory}: TaskDefinitionDocument, container: ContainerDefinition): number {
  return container.memory ?? (memory === undefined ? 0 : Number(memory))
}
