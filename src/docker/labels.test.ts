import {expect} from 'chai'
import fc from 'fast-check'
import {KEPT_KINDS, type KeptRecord} from '../model/kept-record.js'
import type {TaskOwnership} from '../model/ownership.js'
import {PAUSE_CONTAINER} from '../model/run-document.js'
import {
  instanceMark,
  keptLabels,
  keptRecord,
  keptVolume,
  type Labels,
  markLabels,
  markVolume,
  taskLabels,
  taskOwnership,
  volumeLabels,
} from './labels.js'

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/)
const printable = fc.string({minLength: 1, maxLength: 40}).filter((text) => /^[^\p{C}]+$/u.test(text))

const anOwnership: fc.Arbitrary<TaskOwnership> = fc
  .record(
    {
      cluster: name,
      clusterId: hex(32),
      instanceId: hex(32),
      taskId: hex(32),
      containerName: name,
      definitionId: fc.tuple(name, fc.integer({min: 1, max: 99_999})).map(([family, revision]) => `${family}:${revision}`),
      definitionHash: hex(64),
      group: printable,
      startedBy: printable,
      slot: printable,
      deployment: printable,
      epoch: fc.nat(),
      service: printable,
      daemon: printable,
      record: fc.string({maxLength: 200}),
    },
    {requiredKeys: ['cluster', 'clusterId', 'instanceId', 'taskId', 'containerName', 'definitionId', 'definitionHash', 'group']},
  )
  .map((owner) => ({...owner, taskArn: `arn:aws:ecs:berth:000000000000:task/${owner.cluster}/${owner.taskId}`}))

const MANDATORY = [
  'berth.schema',
  'berth.cluster',
  'berth.cluster-id',
  'berth.instance',
  'berth.task',
  'berth.container',
  'berth.definition',
  'berth.definition-hash',
  'berth.group',
  'com.amazonaws.ecs.task-arn',
]

describe('taskOwnership', () => {
  it('always reads what taskLabels wrote', () => {
    fc.assert(
      fc.property(anOwnership, (owner) => {
        expect(taskOwnership(taskLabels(owner))).to.deep.equal(owner)
      }),
    )
  })

  it('reads that of the container that Berth adds, whose name no other with a dot may bear', () => {
    fc.assert(
      fc.property(anOwnership, (owner) => {
        const pause = {...owner, containerName: PAUSE_CONTAINER}

        expect(taskOwnership(taskLabels(pause))).to.deep.equal(pause)
        expect(taskOwnership(taskLabels({...owner, containerName: 'internal.other'}))).to.equal(undefined)
      }),
    )
  })

  it('never takes a container for ours that lacks a label', () => {
    fc.assert(
      fc.property(anOwnership, fc.constantFrom(...MANDATORY), (owner, gone) => {
        const {[gone]: _, ...rest} = taskLabels(owner)

        expect(taskOwnership(rest)).to.equal(undefined)
      }),
    )
  })

  it('never throws, whatever the labels are', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...MANDATORY, 'berth.epoch', 'berth.slot'), fc.string()),
        (labels) => void taskOwnership(labels),
      ),
    )
  })

  for (const [title, damage] of [
    ['of another schema', {'berth.schema': '2'}],
    ['whose task id is upper case', {'berth.task': 'A'.repeat(32)}],
    ['whose cluster id is a path', {'berth.cluster-id': '../../etc/passwd'}],
    ['whose instance id is short', {'berth.instance': 'ab12'}],
    ['whose cluster has a hostile name', {'berth.cluster': 'prod; rm -rf /'}],
    ['whose container name is empty', {'berth.container': ''}],
    ['whose definition has no revision', {'berth.definition': 'web'}],
    ['whose definition has revision 0', {'berth.definition': 'web:0'}],
    ['whose hash is none', {'berth.definition-hash': 'abc'}],
    ['whose group moves the cursor', {'berth.group': 'family:\u001b[2J'}],
    ['whose ARN names another task', {'com.amazonaws.ecs.task-arn': `arn:aws:ecs:berth:000000000000:task/prod/${'e'.repeat(32)}`}],
    ['whose epoch is no number', {'berth.epoch': '1e3'}],
    ['whose slot is empty', {'berth.slot': ''}],
  ] as const)
    it(`takes a container for foreign ${title}`, () => {
      expect(taskOwnership({...sound(), ...damage} as Labels)).to.equal(undefined)
    })

  it('takes a container without labels for foreign', () => {
    expect(taskOwnership({})).to.equal(undefined)
  })
})

describe('taskLabels', () => {
  it('bears ECS’s five besides our own', () => {
    expect(sound()).to.include({
      'com.amazonaws.ecs.cluster': 'prod',
      'com.amazonaws.ecs.container-name': 'main',
      'com.amazonaws.ecs.task-arn': `arn:aws:ecs:berth:000000000000:task/prod/${'a'.repeat(32)}`,
      'com.amazonaws.ecs.task-definition-family': 'web',
      'com.amazonaws.ecs.task-definition-version': '7',
      'berth.schema': '1',
    })
  })
})

describe('instanceMark', () => {
  const record = {kind: 'instance', cluster: 'prod', clusterId: 'b'.repeat(32), instanceId: 'c'.repeat(32)} as const

  it('reads what markLabels and markVolume wrote', () => {
    expect(markVolume(record)).to.equal(`berth-instance-${'c'.repeat(32)}`)
    expect(instanceMark(markVolume(record), markLabels(record))).to.deep.equal(record)
  })

  it('is none when name and labels disagree, or a label is damaged', () => {
    expect(instanceMark(`berth-instance-${'d'.repeat(32)}`, markLabels(record))).to.equal(undefined)
    expect(instanceMark(markVolume(record), {...markLabels(record), 'berth.cluster-id': 'x'})).to.equal(undefined)
    expect(instanceMark(markVolume(record), {})).to.equal(undefined)
  })
})

function sound(): Labels {
  const taskId = 'a'.repeat(32)
  return taskLabels({
    cluster: 'prod',
    clusterId: 'b'.repeat(32),
    instanceId: 'c'.repeat(32),
    taskId,
    taskArn: `arn:aws:ecs:berth:000000000000:task/prod/${taskId}`,
    containerName: 'main',
    definitionId: 'web:7',
    definitionHash: 'ab'.repeat(32),
    group: 'family:web',
  })
}

describe('volumeLabels', () => {
  it('never make a mark of an instance, nor a container of a task', () => {
    fc.assert(
      fc.property(anOwnership, (owner) => {
        expect(instanceMark(`berth-task-${owner.taskId}-data`, volumeLabels(owner))).to.equal(undefined)
        expect(taskOwnership(volumeLabels(owner))).to.equal(undefined)
      }),
    )
  })
})

describe('keptRecord', () => {
  const aRecord: fc.Arbitrary<KeptRecord> = fc.record({
    kind: fc.constantFrom(...KEPT_KINDS),
    clusterId: hex(32),
    name: fc.oneof(
      hex(32),
      fc.stringMatching(/^[A-Za-z0-9_-]{1,255}$/),
      fc.tuple(name, fc.nat()).map(([family, number]) => `${family}:${number}`),
    ),
    generation: fc.nat(),
    version: fc.nat(),
    record: fc.dictionary(fc.string(), fc.jsonValue()),
  })

  it('always reads what keptLabels wrote, from a volume that Docker takes and a file system holds', () => {
    fc.assert(
      fc.property(aRecord, (record) => {
        expect(keptVolume(record)).to.match(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,254}$/)
        expect(keptRecord(keptVolume(record), keptLabels(record))).to.deep.equal({
          ...record,
          record: JSON.parse(JSON.stringify(record.record)),
        })
      }),
    )
  })

  it('never takes two records for one, however alike they are called', () => {
    const alike = fc.record({
      kind: fc.constantFrom(...KEPT_KINDS),
      clusterId: fc.constant('a'.repeat(32)),
      name: fc.constantFrom('a', 'a-1', 'a:1', 'a-1:1', '1', '1-1', 'f'.repeat(250), `${'f'.repeat(250)}:1`),
      generation: fc.constantFrom(0, 1, 11),
    })
    fc.assert(
      fc.property(alike, alike, (one, other) => {
        const isOne = one.kind === other.kind && one.name === other.name && one.generation === other.generation
        expect(keptVolume(one) === keptVolume(other)).to.equal(isOne)
      }),
      {numRuns: 1000},
    )
  })

  it('is none where anything is missing, damaged, or of another volume', () => {
    const record: KeptRecord = {
      kind: 'family',
      clusterId: 'a'.repeat(32),
      name: 'web',
      generation: 3,
      version: 3,
      record: {lastRevision: 7},
    }
    const labels = keptLabels(record)

    for (const label of Object.keys(labels)) {
      const {[label]: _, ...rest} = labels
      expect(keptRecord(keptVolume(record), rest), label).to.equal(undefined)
      expect(keptRecord(keptVolume(record), {...labels, [label]: '{'}), label).to.equal(undefined)
    }
    expect(keptRecord(keptVolume({...record, generation: 4}), labels)).to.equal(undefined)
    expect(keptRecord(keptVolume(record), {...labels, 'berth.record': '[]'})).to.equal(undefined)
  })
})
