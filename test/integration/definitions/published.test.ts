// Task definitions as their projects published them: each is read as it stands, or is refused for what is really wrong with it. No engine is needed.
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import type {Fault} from '../../../src/model/definition/fault.js'
import {type ParsedDefinition, parseDefinition} from '../../../src/model/definition/parse.js'
import {faultsIn} from '../../support/definition-faults.js'

const DATA = fileURLToPath(new URL('../../data/', import.meta.url))
const FOLDER = join(DATA, 'task-definitions')

interface Listed {
  readonly file: string
  readonly valid_in_aws_model: boolean
}

const {files} = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) as {readonly files: readonly Listed[]}

/** Each file's notes, as `path: said`. */
const NOTES = JSON.parse(readFileSync(join(DATA, 'published-notes.json'), 'utf8')) as Readonly<Record<string, readonly string[]>>

/**
 * Templates: their publisher left places open where ECS wants one of its own words or a name. AWS's model knows texts there and no more; ECS would refuse
 * them as they are. What is refused in them, and what makes them whole.
 */
const TEMPLATES: Readonly<Record<string, {readonly refused: readonly string[]; readonly filledIn: Readonly<Record<string, string>>}>> = {
  'aws-samples__amazon-cloudwatch-container-insights__replica_cwagent-prometheus.json': {
    refused: ['family', 'networkMode', 'requiresCompatibilities[0]'],
    filledIn: {'{{launchtype}}': 'EC2', '{{networkmode}}': 'bridge'},
  },
  'aws__aws-for-fluent-bit__troubleshooting_tutorials_cloud-firelens-crash-repro-template_task-def-template.json': {
    refused: ['containerDefinitions[0].image', 'containerDefinitions[1].image', 'family'],
    filledIn: {
      '{INSERT ticket/issue ID}': '1',
      '{INSERT core dump build image}': 'core-dump:1',
      '{INSERT simulated app image}': 'app:1',
    },
  },
}

/** Numbers in quotes, as the AWS command-line tool refuses them too. */
const IN_QUOTES = ['cpu', 'memory', 'portMappings[0].containerPort', 'portMappings[0].hostPort']

describe('the published task definitions', () => {
  it('are all listed', () => {
    const there = readdirSync(FOLDER).filter((name) => name.endsWith('.json') && name !== 'index.json')

    expect(there.sort()).to.deep.equal(files.map(({file}) => file).sort())
  })

  for (const {file} of files.filter(({valid_in_aws_model: valid}) => valid))
    it(`has ${file}, which is read with exactly its notes`, async () => {
      const {document, notes} = await read(file, TEMPLATES[file]?.filledIn)

      expect(document.containerDefinitions).to.have.lengthOf(containersIn(file))
      expect(notes.map(({path, said}) => `${path}: ${said}`)).to.deep.equal(NOTES[file])
    })

  for (const [file, {refused}] of Object.entries(TEMPLATES))
    it(`has ${file}, which is refused until its places are filled in`, async () => {
      expect((await faultsOf(file)).map(({path}) => path)).to.deep.equal(refused)
    })

  for (const name of ['greeting', 'name', 'webapp'])
    it(`has ${name}, which is refused for its numbers in quotes`, async () => {
      const faults = await faultsOf(`aws-samples__aws-microservices-deploy-options__apps_ecs_ec2_taskdefs_${name}.json`)

      expect(faults.map(({path}) => path)).to.deep.equal(IN_QUOTES.map((field) => `containerDefinitions[0].${field}`))
      for (const {rule, value} of faults) {
        expect(value).to.match(/^"\d+"$/)
        expect(rule).to.equal('must be a whole number, not in quotes')
      }
    })

  it('has one with null where nothing is meant, as the console writes it, which is read without', async () => {
    const {document} = await read('aws-samples__aws-containers-task-definitions__wildfly_wildfly_fargate.json')

    expect(document.containerDefinitions[0]).to.include({name: 'wildfly', memory: 1024})
    expect(document.containerDefinitions[0]).to.not.have.property('ulimits')
  })
})

async function read(file: string, filledIn: Readonly<Record<string, string>> = {}): Promise<ParsedDefinition> {
  const text = Object.entries(filledIn).reduce(
    (whole, [place, word]) => whole.replaceAll(place, word),
    readFileSync(join(FOLDER, file), 'utf8'),
  )
  return parseDefinition(text, {format: 'auto', named: file})
}

async function faultsOf(file: string): Promise<readonly Fault[]> {
  return faultsIn(
    await read(file).then(
      () => undefined,
      (error: unknown) => error,
    ),
  )
}

function containersIn(file: string): number {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8')).containerDefinitions.length
}
