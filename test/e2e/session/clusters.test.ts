// Clusters: which one a command means, and when one may go.
import type {Cluster} from '@aws-sdk/client-ecs'
import {expect} from 'chai'
import {docker} from '../../support/hosts/engine.js'
import {expectRefused} from '../bad-input/scene.js'
import {listenTo, Stage} from './stage.js'

describe('which cluster is meant', () => {
  let stage: Stage

  before(async () => {
    stage = await Stage.open([])
  })

  after(() => stage.close())

  const meant = async (env: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<string> => {
    const {stdout} = await stage.session.start(['cluster', 'describe', ...words, '--query', 'clusters[0].clusterName'], {env})
    return JSON.parse(String(stdout))
  }

  const instancesOf = async (env: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<string> =>
    String((await stage.session.start(['instance', 'list', '-q', ...words], {env})).stdout)

  it('is the only one there is, when none is in use', async () => {
    expect(await meant({XDG_CONFIG_HOME: `${stage.session.folder}/stranger`})).to.equal('prod')
  })

  it('is refused to guess among several', async () => {
    await stage.session.text('cluster', 'create', 'lab')

    const refused = {
      code: 'ClusterNotNamed',
      exitCode: 2,
      said: 'There are 2 clusters, and none of them is in use.',
      suggests: 'berth cluster use lab',
    }
    await expectRefused(stage.scene, ['task', 'list'], refused, {env: {XDG_CONFIG_HOME: `${stage.session.folder}/stranger`}})
  })

  it('is the first one made, until another is taken into use', async () => {
    expect(await meant({})).to.equal('prod')

    expect(await stage.session.text('cluster', 'use', 'lab')).to.equal('lab')
    expect(await meant({})).to.equal('lab')
    expect(await stage.session.text('cluster', 'list')).to.match(/lab.*\n.*prod/)
  })

  it('is the one of BERTH_CLUSTER before the one in use, and the one of -c before both', async () => {
    await stage.session.text('instance', 'join', 'local', '--name', 'of-prod', '-c', 'prod')

    expect(await instancesOf({})).to.equal('')
    expect(await instancesOf({BERTH_CLUSTER: 'prod'})).to.equal('of-prod')
    expect(await instancesOf({BERTH_CLUSTER: 'lab'}, '-c', 'prod')).to.equal('of-prod')
    expect(await instancesOf({BERTH_CLUSTER: 'prod'}, '--cluster', 'lab')).to.equal('')
    await stage.session.text('instance', 'leave', 'of-prod', '-c', 'prod')
  })

  it('is for cluster describe the one of its argument before all', async () => {
    expect(await meant({BERTH_CLUSTER: 'prod'})).to.equal('prod')
    expect(await meant({BERTH_CLUSTER: 'prod'}, '-c', 'lab')).to.equal('lab')
    expect(await meant({BERTH_CLUSTER: 'lab'}, 'prod', '-c', 'lab')).to.equal('prod')
  })

  it('is told with the nearest name when it does not exist', async () => {
    const refused = {
      code: 'ClusterNotFoundException',
      exitCode: 3,
      said: 'Cluster "prd" does not exist.',
      suggests: 'berth cluster describe prod',
    }
    for (const words of [
      ['cluster', 'describe', 'prd'],
      ['cluster', 'use', 'prd'],
      ['cluster', 'delete', 'prd'],
      ['task', 'list', '-c', 'prd'],
    ])
      await expectRefused(stage.scene, words, refused)
  })

  it('is left as it is when it is created again', async () => {
    const before = await stage.scene.facts()

    const {cluster} = await stage.session.json<{cluster: Cluster}>('cluster', 'create', 'prod')

    expect(cluster).to.deep.include({clusterName: 'prod', status: 'ACTIVE'})
    expect(await stage.scene.facts()).to.deep.equal(before)
  })
})

describe('cluster delete', function () {
  this.timeout(60_000)
  let stage: Stage

  before(async () => {
    stage = await Stage.open(['local'])
  })

  after(() => stage.close())

  it('is refused while an instance belongs to the cluster', async () => {
    await expectRefused(stage.scene, ['cluster', 'delete', 'prod'], {
      code: 'ClusterContainsContainerInstancesException',
      exitCode: 4,
      said: 'Cluster "prod" cannot be deleted while an instance belongs to it.',
      suggests: 'berth cluster delete prod --force',
    })
  })

  it('is refused while a task has not stopped', async () => {
    await stage.launch()

    await expectRefused(stage.scene, ['cluster', 'delete', 'prod', '--yes'], {
      code: 'ClusterContainsTasksException',
      exitCode: 4,
      said: 'Cluster "prod" cannot be deleted while one of its tasks has not stopped.',
      suggests: 'berth cluster delete prod --force',
    })
  })

  it('with --force asks first, and without a terminal to ask at does nothing', async () => {
    const before = await stage.scene.facts()

    const ran = await stage.session.berth('cluster', 'delete', 'prod', '--force')

    expect(ran.exitCode).to.equal(10)
    expect(ran.stderr).to.match(/berth: .*\n(.*\n)* {2}try: .*--yes/)
    expect(await stage.scene.facts()).to.deep.equal(before)
  })

  it('with --force does nothing when the answer on a terminal is no', async () => {
    const before = await stage.scene.facts()
    const asked = listenTo(stage.session.onTerminal(['cluster', 'delete', 'prod', '--force']))

    await asked.says('Delete cluster prod?')
    asked.type('n\r')

    expect((await asked.ended).exitCode).to.equal(10)
    expect(asked.said(), 'the plan is shown before the question').to.match(/stop task .*delete cluster prod .*Delete cluster prod\?/s)
    expect(await stage.scene.facts()).to.deep.equal(before)
  })

  it('with --force does it when the answer is yes, and touches nothing foreign', async () => {
    const foreign = (await docker(stage.host('local'), 'run', '-d', 'busybox:test', 'sleep', '600')).trim()
    const asked = listenTo(stage.session.onTerminal(['cluster', 'delete', 'prod', '--force']))

    await asked.says('Delete cluster prod?')
    asked.type('y\r')

    expect((await asked.ended).exitCode, asked.said()).to.equal(0)
    expect(await stage.containers('local')).to.deep.equal([])
    expect((await stage.inspect('local', foreign)).State.Status).to.equal('running')
    expect(await docker(stage.host('local'), 'volume', 'ls', '-q')).to.equal('')
  })

  it('takes an empty cluster without a question', async () => {
    await stage.session.text('cluster', 'create', 'empty')

    expect(await stage.session.text('cluster', 'delete', 'empty')).to.equal('empty')
  })
})
