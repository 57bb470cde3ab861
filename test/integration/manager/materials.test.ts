// What a run reads of this machine before anything is recorded, with real variables, files and programs: what, where from, and by whose leave.
import {mkdir, mkdtemp, readFile, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {DeclinedError} from '../../../src/errors.js'
import {runMaterials, type SourcesWanted} from '../../../src/manager/materials.js'
import {runTasks} from '../../../src/manager/run-tasks.js'
import type {ContainerDefinition} from '../../../src/model/container-definition.js'
import {parseTypedFileSystem, parseTypedSecret} from '../../../src/model/run-sources.js'
import {overridden, type TaskDefinitionDocument, type TaskOverride} from '../../../src/model/task-definition.js'
import {instant} from '../../../src/model/time.js'
import {aCluster, aDefinition, anInstance, aState, LONG_AGO} from '../../support/build.js'
import {failureOf} from '../../support/specs.js'
import {aWorld, type FakeWorld} from './fake-world.js'
import {NOTHING_ASKED} from './nothing-asked.js'

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf'
const declines = new DeclinedError('Declined', 'The answer was no.')

interface Said {
  readonly containers?: readonly ContainerDefinition[]
  readonly volumes?: TaskDefinitionDocument['volumes']
  readonly override?: TaskOverride
  readonly secrets?: readonly string[]
  readonly efs?: readonly string[]
  readonly allowed?: true
  /** Absent: the test's own; `null`: the definition came from standard input. */
  readonly folder?: string | null
  readonly declines?: DeclinedError
}

describe('runMaterials', () => {
  let root: string
  let folder: string

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'berth-materials-'))
    folder = join(root, 'definition')
    await mkdir(folder)
    await writeFile(join(folder, 'password'), 'from the folder\n')
    await writeFile(join(root, 'outside'), 'from outside\n')
    process.env['BERTH_TEST_SECRET'] = 'from a variable'
  })

  afterEach(async () => {
    delete process.env['BERTH_TEST_SECRET']
    await rm(root, {recursive: true, force: true})
  })

  const container = (said: Partial<ContainerDefinition>): ContainerDefinition => ({name: 'app', image: 'busybox:test', ...said})
  const secret = (name: string, valueFrom: string) => container({secrets: [{name, valueFrom}]})
  const envFiles = (...paths: readonly string[]) => container({environmentFiles: paths.map((value) => ({value, type: 's3'}))})

  function definitionOf({containers = [], folder: said = folder, volumes}: Said) {
    const document: TaskDefinitionDocument = {family: 'web', containerDefinitions: containers, ...(volumes ? {volumes} : {})}
    return aDefinition({document, ...(said === null ? {} : {folder: said})})
  }

  const sourcesOf = ({allowed, efs = [], secrets = []}: Said): SourcesWanted => ({
    allowClientSecrets: allowed === true,
    fileSystems: efs.map(parseTypedFileSystem),
    secrets: secrets.map(parseTypedSecret),
  })

  const worldOf = (said: Said): FakeWorld =>
    aWorld({now: instant(LONG_AGO), state: aState({}), ...(said.declines ? {declines: said.declines} : {})})

  function resolve(said: Said, world = worldOf(said)) {
    const definition = definitionOf(said)
    return runMaterials(world, definition, overridden(definition.document, said.override), sourcesOf(said))
  }

  const appSecrets = async (said: Said) => (await resolve(said)).secretEnvironment['app']

  describe('reads secrets', () => {
    it('of each container from variables, files of the folder and programs', async () => {
      const found = await resolve({
        allowed: true,
        containers: [
          container({
            secrets: [
              {name: 'A', valueFrom: 'env:BERTH_TEST_SECRET'},
              {name: 'B', valueFrom: 'file:password'},
              {name: 'C', valueFrom: 'exec:["printf","%s","two words"]'},
            ],
            logConfiguration: {logDriver: 'splunk', secretOptions: [{name: 'splunk-token', valueFrom: 'file:./password'}]},
          }),
          container({name: 'helper', secrets: [{name: 'A', valueFrom: `file:${join(folder, 'password')}`}]}),
        ],
      })

      expect(found.secretEnvironment).to.deep.equal({
        app: [
          {name: 'A', value: 'from a variable'},
          {name: 'B', value: 'from the folder'},
          {name: 'C', value: 'two words'},
        ],
        helper: [{name: 'A', value: 'from the folder'}],
      })
      expect(found.logOptions).to.deep.equal({app: {'splunk-token': 'from the folder'}, helper: {}})
    })

    it('not where the run gives the variable itself', async () => {
      const override = {containerOverrides: [{name: 'app', environment: [{name: 'A', value: 'typed'}]}]}

      expect(await appSecrets({containers: [secret('A', 'exec:["false"]')], override, declines})).to.deep.equal([])
    })

    it('from where was typed: by what AWS knows one by, else by its name; the later flag wins', async () => {
      const containers = [secret('A', ARN), {...secret('A', 'env:NONE'), name: 'helper'}]
      const typed = [`A=file:${join(root, 'outside')}`, 'A=env:BERTH_TEST_SECRET', `${ARN}=exec:["printf","typed"]`]

      expect((await resolve({containers, secrets: typed, declines})).secretEnvironment).to.deep.equal({
        app: [{name: 'A', value: 'typed'}],
        helper: [{name: 'A', value: 'from a variable'}],
      })
    })

    it('of one program once, however many containers need it', async () => {
      const program = join(folder, 'count')
      await writeFile(program, `#!/bin/sh\necho once >> ${join(root, 'runs')}; echo value\n`, {mode: 0o755})
      const containers = ['a', 'b', 'c'].map((name) => ({...secret('A', 'exec:./count'), name}))

      const {secretEnvironment} = await resolve({allowed: true, containers})

      expect(Object.values(secretEnvironment).flat()).to.deep.equal(Array(3).fill({name: 'A', value: 'value'}))
      expect(await readFile(join(root, 'runs'), 'utf8')).to.equal('once\n')
    })
  })

  describe('refuses secrets', () => {
    it('that only AWS has: all of them at once, with the flags that help', async () => {
      const containers = [
        container({
          secrets: [{name: 'DB', valueFrom: ARN}],
          logConfiguration: {logDriver: 'splunk', secretOptions: [{name: 'splunk-token', valueFrom: '/prod/token'}]},
        }),
      ]
      const error = await failureOf(resolve({containers}))

      expect(error).to.include({code: 'SecretNotFound', exitCode: 3})
      for (const said of ['"DB" of container "app"', ARN, '"splunk-token"', '"/prod/token"']) expect(error.message).to.include(said)
      expect(error.suggestions).to.deep.equal(["berth cluster delete 'my prod' --secret DB=env:DB --secret splunk-token=env:SPLUNK_TOKEN"])
      expect(['DB=env:DB', 'splunk-token=env:SPLUNK_TOKEN'].map(parseTypedSecret)).to.have.length(2)
    })

    it('that the definition does not have, which is a slip of the pen', async () => {
      const error = await failureOf(resolve({containers: [secret('DB_PASSWORD', ARN)], secrets: ['DB_PASWORD=env:BERTH_TEST_SECRET']}))

      expect(error).to.include({code: 'InvalidSecret', exitCode: 2})
      expect(error.message).to.include('"DB_PASWORD"').and.to.include('"DB_PASSWORD"')
    })

    it('that are missing', async () => {
      for (const valueFrom of ['env:BERTH_TEST_ABSENT', 'file:none', 'file:../none'])
        expect(await failureOf(resolve({allowed: true, containers: [secret('A', valueFrom)]}))).to.include({
          code: 'SecretNotFound',
          exitCode: 3,
        })
    })
  })

  describe('asks for leave', () => {
    const asked = async (said: Said): Promise<readonly string[]> => {
      const world = worldOf(said)
      await resolve(said, world)
      return world.allowed
    }

    it('never for variables, for files of the folder, and for what was typed', async () => {
      await symlink('password', join(folder, 'link'))
      await symlink(folder, join(root, 'alias'))
      await writeFile(join(folder, 'app.env'), 'A=1\n')
      const containers = [
        secret('A', 'env:BERTH_TEST_SECRET'),
        {...secret('B', 'file:link'), name: 'b', environmentFiles: [{value: 'app.env', type: 's3'} as const]},
        {...secret('C', 'exec:["false"]'), name: 'c'},
      ]
      const secrets = ['C=exec:["printf","typed"]']

      expect(await asked({containers, secrets})).to.deep.equal([])
      expect(await asked({containers, secrets, folder: join(root, 'alias')})).to.deep.equal([])
    })

    it('for programs and files outside, and says exactly what would be run and read', async () => {
      const containers = [secret('A', 'exec:["printf","two words\\u001b[2J"]'), {...secret('B', 'file:../outside'), name: 'b'}]

      expect(await asked({containers})).to.deep.equal([
        `Task definition web:1 wants to run printf 'two words\\u001b[2J' and read ${join(root, 'outside')} on this machine. Allow it?`,
      ])
      expect(await asked({containers, allowed: true})).to.deep.equal([])
    })

    it('for a link that leads out of the folder, and for a folder whose name only begins alike', async () => {
      await symlink('../outside', join(folder, 'link'))
      await symlink('/', join(folder, 'up'))
      await mkdir(`${folder}-2`)
      await writeFile(join(`${folder}-2`, 'password'), 'other')

      for (const path of ['link', `up${join(root, 'outside')}`, '../definition-2/password'])
        expect(await failureOf(resolve({containers: [secret('A', `file:${path}`)], declines})), path).to.equal(declines)
    })

    it('for environment files outside, and for every file of a definition whose folder is not known', async () => {
      await writeFile(join(root, 'outside.env'), 'A=1\n')
      expect(await failureOf(resolve({containers: [envFiles('../outside.env')], declines}))).to.equal(declines)
      expect(await failureOf(resolve({containers: [secret('A', 'file:package.json')], folder: null, declines}))).to.equal(declines)
    })

    it('before anything is run', async () => {
      const containers = [secret('A', `exec:${JSON.stringify(['touch', join(root, 'touched')])}`)]
      await failureOf(resolve({containers, declines}))

      expect(await failureOf(readFile(join(root, 'touched')))).to.include({code: 'ENOENT'})
    })

    it('not for a file that is missing in the folder: that is said', async () => {
      await symlink(folder, join(root, 'alias'))
      for (const said of [folder, join(root, 'alias')])
        expect(await failureOf(resolve({containers: [secret('A', 'file:none')], folder: said, declines}))).to.include({
          code: 'SecretNotFound',
        })
    })
  })

  describe('reads environment files', () => {
    const variables = async (said: Said) => (await resolve(said)).fileEnvironment['app']

    it("of which the first holds, from the definition's folder, also where S3 has them", async () => {
      await writeFile(join(folder, 'first.env'), '# first\nA=1\nB="2" $A\nBERTH_TEST_SECRET\n')
      await writeFile(join(folder, 'second.env'), 'B=other\nC=\n')

      expect(await variables({containers: [envFiles('first.env', 'arn:aws:s3:::bucket/some/second.env')]})).to.have.deep.members([
        {name: 'A', value: '1'},
        {name: 'B', value: '"2" $A'},
        {name: 'C', value: ''},
      ])
    })

    it('that the run names in their place', async () => {
      await writeFile(join(folder, 'run.env'), 'A=run\n')
      const override = {containerOverrides: [{name: 'app', environmentFiles: [{value: 'run.env', type: 's3'} as const]}]}

      expect(await variables({containers: [envFiles('none.env')], override})).to.deep.equal([{name: 'A', value: 'run'}])
    })

    it('and refuses one that is missing, a folder, or what is no text', async () => {
      await mkdir(join(folder, 'a folder.env'))
      await writeFile(join(folder, 'latin.env'), Buffer.from([0x41, 0x3d, 0xe9]))
      for (const name of ['none.env', 'a folder.env', 'arn:aws:s3:::bucket/none.env']) {
        const error = await failureOf(resolve({containers: [envFiles(name)]}))
        expect(error, name).to.include({code: 'EnvironmentFileNotFound', exitCode: 3})
        expect(error.message).to.include(folder)
      }
      expect(await failureOf(resolve({containers: [envFiles('latin.env')]}))).to.include({code: 'NotText', exitCode: 2})
      expect(await failureOf(resolve({containers: [envFiles('arn:aws:s3:::bucket/x.env')], folder: null}))).to.include({
        code: 'EnvironmentFileNotFound',
      })
    })
  })

  describe('takes file systems', () => {
    const volumes = [{name: 'data', efsVolumeConfiguration: {fileSystemId: 'fs-1'}}]
    const mounted = [container({mountPoints: [{sourceVolume: 'data', containerPath: '/data'}]})]

    it('that an export stands for', async () =>
      expect((await resolve({containers: mounted, volumes, efs: ['fs-1=nfs://nas/export']})).fileSystems).to.deep.equal({
        'fs-1': {server: 'nas', path: '/export'},
      }))

    it('and refuses one in use that nothing stands for, and one that the definition does not have', async () => {
      const error = await failureOf(resolve({containers: mounted, volumes}))
      expect(error).to.include({code: 'UnsupportedFeatureException', exitCode: 2})
      expect(error.suggestions).to.deep.equal(["berth cluster delete 'my prod' --efs fs-1=nfs://SERVER/PATH"])

      expect((await resolve({containers: [container({})], volumes})).fileSystems).to.deep.equal({})
      expect(await failureOf(resolve({containers: mounted, volumes, efs: ['fs-1=nfs://nas/x', 'fs-2=nfs://nas/x']}))).to.include({
        code: 'InvalidFileSystem',
      })
    })
  })

  describe('within a run', () => {
    const run = async (valueFrom: string, wanted: {readonly dryRun?: boolean}) => {
      const instance = anInstance()
      const definition = definitionOf({containers: [{...secret('A', valueFrom), memory: 32}]})
      const state = aState({clusters: [aCluster()], instances: [instance], definitions: [definition]})
      const world = aWorld({now: instant(LONG_AGO), state, declines})
      const ran = await runTasks(world, {...NOTHING_ASKED, cluster: 'prod', detach: true, reference: 'web', ...wanted}).catch(
        (error: unknown) => error,
      )
      return {ran, after: (await world.store.read()).state, before: state}
    }

    for (const [valueFrom, failure] of [
      ['env:BERTH_TEST_ABSENT', {code: 'SecretNotFound'}],
      ['exec:["true"]', {code: 'Declined'}],
      [ARN, {code: 'SecretNotFound'}],
    ] as const)
      it(`leaves the state as it was where ${valueFrom.slice(0, 12)} has no value`, async () => {
        const {after, before, ran} = await run(valueFrom, {})

        expect(ran).to.include(failure)
        expect(after).to.equal(before)
      })

    it('reads nothing in a dry run', async () => {
      expect((await run('exec:["true"]', {dryRun: true})).ran).to.have.property('finish')
    })
  })
})
