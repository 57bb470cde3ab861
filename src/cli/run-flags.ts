// The words of `task run`, and what they ask for together.
import {Flags, type Interfaces} from '@oclif/core'
import type {RunTasksWanted} from '../manager/run-request.js'
import {parsePlacementConstraints, parsePlacementStrategies} from '../model/placement-shorthand.js'
import {parsePublishedPorts} from '../model/publish.js'
import {PULL_POLICIES} from '../model/pull-policy.js'
import {mergeEnvironment} from '../model/task-definition.js'
import {parseVolumes} from '../model/volume.js'
import {cached, cluster, planFlags} from './flags.js'
import {environment, environmentFile, fileSystem, memoryMiB, overrides, secret} from './value-flags.js'

const publish = Flags.string({
  char: 'p',
  description: 'Publish a port of the container: HOST:CONTAINER[/udp]. Repeatable. With --image.',
  helpValue: 'PORTS',
  multiple: true,
})

const volume = Flags.string({
  description: 'Mount a host folder or a named volume: SOURCE:TARGET[:ro]. Repeatable. With --image.',
  helpValue: 'VOLUME',
  multiple: true,
})

const placementConstraint = Flags.string({
  description: 'Where the tasks must run: distinctInstance, or memberOf:EXPRESSION. Repeatable.',
  helpValue: 'CONSTRAINT',
  multiple: true,
})

const placementStrategy = Flags.string({
  description:
    'What decides among instances that fit, each among equals of those before: random, binpack:cpu|memory, spread:instanceId, spread:attribute:NAME. Repeatable.',
  helpValue: 'STRATEGY',
  multiple: true,
})

export const runFlags = {
  ...planFlags,
  'allow-client-secrets': Flags.boolean({
    description: "Let the definition's secrets run programs here, and its secrets and environment files be read from outside its folder.",
  }),
  'client-token': Flags.string({
    description: 'Repeatable choice of instances: the same token over the same cluster gives the same ones.',
    helpValue: 'TOKEN',
  }),
  cluster,
  container: Flags.string({
    description: 'Container that the command, --env, --cpu and --memory change; default: the first essential one.',
    helpValue: 'NAME',
  }),
  count: Flags.integer({default: 1, description: 'Tasks to run, placed in one pass.', helpValue: 'N', max: 100_000, min: 1}),
  cpu: Flags.integer({description: 'CPU units of the container; 1024 are one core.', helpValue: 'UNITS', min: 0}),
  efs: fileSystem(),
  detach: Flags.boolean({description: 'Print the ids and return once the tasks run.'}),
  env: environment(),
  'env-file': environmentFile(),
  group: Flags.string({description: 'Task group; default: family:FAMILY.', helpValue: 'GROUP'}),
  image: Flags.string({description: 'Image to run instead of a task definition.', helpValue: 'IMAGE'}),
  memory: memoryMiB({description: 'Memory limit of the container; default with --image: 512 MiB.'}),
  overrides: overrides(),
  'placement-constraint': placementConstraint,
  'placement-strategy': placementStrategy,
  publish,
  pull: Flags.option({
    description: 'When to ask a registry for the images; default: missing, only those that the host has not.',
    options: PULL_POLICIES,
  })(),
  rm: Flags.boolean({description: 'Remove the containers as soon as the task has stopped.'}),
  secret: secret(),
  'started-by': Flags.string({description: 'A mark to find the tasks by.', helpValue: 'TEXT'}),
  volume,
  wait: Flags.boolean({description: 'Wait for the end: the default.', exclusive: ['detach'], hidden: true}),
}

/** The words of `task start`: those of a run but what placement would read, and what only an image has. */
export const startFlags = {
  ...planFlags,
  'allow-client-secrets': runFlags['allow-client-secrets'],
  cluster,
  container: runFlags.container,
  cpu: runFlags.cpu,
  efs: runFlags.efs,
  env: runFlags.env,
  'env-file': runFlags['env-file'],
  group: runFlags.group,
  instance: Flags.string({
    description: 'Instance to start a task on: name, ARN or id. Repeatable, at most 10.',
    helpValue: 'INSTANCE',
    multiple: true,
    required: true,
  }),
  memory: runFlags.memory,
  overrides: runFlags.overrides,
  pull: runFlags.pull,
  rm: runFlags.rm,
  secret: runFlags.secret,
  'started-by': runFlags['started-by'],
}

/** The words of `placement explain`: those of a run that placement reads. */
export const explainFlags = {
  cached,
  'client-token': runFlags['client-token'],
  cluster,
  container: runFlags.container,
  cpu: runFlags.cpu,
  group: runFlags.group,
  image: runFlags.image,
  memory: runFlags.memory,
  overrides: runFlags.overrides,
  'placement-constraint': placementConstraint,
  'placement-strategy': placementStrategy,
  publish,
}

/** Those of them that say what is run: a service says it itself. */
export const RUN_ONLY = Object.keys(explainFlags).filter((name) => name !== 'cached' && name !== 'cluster')

/** The run whose placement is to be explained. Throws `InvalidInputError`s. */
export function explainWanted(words: Interfaces.InferredFlags<typeof explainFlags>, reference: string | undefined): RunTasksWanted {
  return runWanted({...NOTHING_RUN, ...words}, [], reference)
}

/** A run of one task that says nothing more. */
const NOTHING_RUN = {
  'allow-client-secrets': false,
  count: 1,
  detach: true,
  'dry-run': true,
  efs: undefined,
  env: undefined,
  'env-file': undefined,
  'exit-code': false,
  pull: undefined,
  rm: false,
  secret: undefined,
  'started-by': undefined,
  volume: undefined,
  wait: false,
  'wait-lock': undefined,
}

/** The run that starts a task on each of the instances named, and returns once they run. Throws `InvalidInputError`s. */
export function startWanted(
  words: Interfaces.InferredFlags<typeof startFlags>,
  command: readonly string[],
  reference: string | undefined,
): RunTasksWanted {
  const none = {
    'client-token': undefined,
    image: undefined,
    'placement-constraint': undefined,
    'placement-strategy': undefined,
    publish: undefined,
    volume: undefined,
    wait: false,
  }
  const run = runWanted({...words, ...none, count: words.instance.length, detach: true}, command, reference)
  return {...run, instances: words.instance}
}

/** The run that the words ask for. Throws `InvalidInputError`s. */
export function runWanted(
  words: Interfaces.InferredFlags<typeof runFlags>,
  command: readonly string[],
  reference: string | undefined,
): RunTasksWanted {
  return {
    clientToken: words['client-token'],
    cluster: words.cluster,
    command,
    constraints: parsePlacementConstraints(words['placement-constraint'] ?? []),
    container: words.container,
    count: words.count,
    cpuUnits: words.cpu,
    detach: words.detach,
    dryRun: words['dry-run'],
    environment: mergeEnvironment((words['env-file'] ?? []).flat(), (words.env ?? []).flat()),
    group: words.group,
    image: words.image,
    memoryMiB: words.memory,
    overrides: words.overrides,
    ports: parsePublishedPorts(words.publish ?? []),
    pull: words.pull,
    reference,
    removeWhenStopped: words.rm,
    sources: {
      allowClientSecrets: words['allow-client-secrets'],
      fileSystems: (words.efs ?? []).flat(),
      secrets: (words.secret ?? []).flat(),
    },
    startedBy: words['started-by'],
    strategies: parsePlacementStrategies(words['placement-strategy'] ?? []),
    volumes: parseVolumes(words.volume ?? []),
  }
}
