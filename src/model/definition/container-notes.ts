// What a container says that means something else at home than on AWS.
import type {ContainerDefinition, LogConfiguration, PortMapping, Secret} from '../container-definition.js'
import {isImage} from '../image-definition.js'
import {quoted, shellWord} from '../names.js'
import {parseSecretSource} from '../secret-source.js'
import type {TaskDefinitionDocument} from '../task-definition.js'

type Noted = readonly (readonly [path: string, said: string | undefined])[]

type Task = Pick<TaskDefinitionDocument, 'memory' | 'networkMode'>

interface Note {
  readonly path: string
  readonly said: string
}

/** The container's notes, in a fixed order; `at` is its path. */
export function containerNotes(container: ContainerDefinition, task: Task, at: string): readonly Note[] {
  const {
    environmentFiles = [],
    firelensConfiguration,
    image,
    linuxParameters,
    memory = task.memory,
    portMappings = [],
    repositoryCredentials,
    restartPolicy,
    versionConsistency,
  } = container
  const notes: Noted = [
    [
      'image',
      isImage(image) ? undefined : `${quoted(image)} is no reference that an engine can pull: put the real image there before it is run.`,
    ],
    ['repositoryCredentials', repositoryCredentials && 'Kept; your docker configuration decides what the registry is told.'],
    ...portMappings.flatMap((mapping, index) => portNotes(mapping, `portMappings[${index}]`, task.networkMode === 'awsvpc')),
    ['restartPolicy', restartPolicy?.enabled ? WATCHED : undefined],
    ...environmentFiles.map(({value}, index) => [`environmentFiles[${index}]`, environmentFile(value)] as const),
    ...secretNotes(container.secrets, 'secrets'),
    ...logNotes(container),
    ['firelensConfiguration', firelensConfiguration && ROUTER],
    ...(container.resourceRequirements ?? []).map(({type, value}, index) => [`resourceRequirements[${index}]`, gpu(type, value)] as const),
    ['linuxParameters.maxSwap', linuxParameters?.maxSwap !== undefined && memory === undefined ? UNLIMITED : undefined],
    ['versionConsistency', versionConsistency && PINNED],
  ]
  return notes.flatMap(([path, said]) => (said ? [{path: `${at}.${path}`, said}] : []))
}

const PINNED = 'Honoured in services and daemons; a task that is run by itself starts from the image that its tag then names.'

const WATCHED = 'Honoured while Berth watches the task: during an attached run, and at any later look at it.'

const ROUTER = "Runs as an ordinary container: no configuration is generated for it, and no other container's log reaches it."

const UNLIMITED = 'No effect: Docker limits swap only beside a limit to memory, and the container has none.'

const UNEQUAL = 'Left to the engine, as every host port of network mode awsvpc; ECS itself wants it to be the container port, or absent.'

function portNotes({appProtocol, containerPort, containerPortRange, hostPort, name}: PortMapping, path: string, awsvpc: boolean): Noted {
  const range = 'Each port of the range has a host port of its own, which the engine chooses: they are not one range on the host.'
  return [
    [`${path}.hostPort`, awsvpc && hostPort && hostPort !== containerPort ? UNEQUAL : undefined],
    [`${path}.containerPortRange`, containerPortRange && range],
    [`${path}.name`, name && 'Kept, no effect here yet: there is no Service Connect.'],
    [`${path}.appProtocol`, appProtocol && 'Kept, no effect here yet: there is no Service Connect.'],
  ]
}

function environmentFile(value: string): string | undefined {
  if (!value.startsWith('arn:')) return undefined
  return `Read from the file ${quoted(value.slice(value.lastIndexOf('/') + 1))} in the definition's folder: nothing is fetched from S3.`
}

/** Of a source that is AWS's own; the reference itself is not told. */
function secretNotes(secrets: readonly Secret[] = [], path: string): Noted {
  return secrets.map(({name, valueFrom}, index) => {
    const isOfAws = parseSecretSource(valueFrom).kind === 'aws'
    return [`${path}[${index}]`, isOfAws ? `A run says where its value is: --secret ${shellWord(name)}=SOURCE.` : undefined]
  })
}

function logNotes({logConfiguration, name}: ContainerDefinition): Noted {
  if (!logConfiguration) return []
  const {logDriver} = logConfiguration
  const isLocal = logDriver === 'awslogs' || logDriver === 'awsfirelens'
  return [
    ['logConfiguration', logDriver === 'json-file' ? undefined : log(logConfiguration, name)],
    ...(isLocal ? [] : secretNotes(logConfiguration.secretOptions, 'logConfiguration.secretOptions')),
  ]
}

function log({logDriver, options = {}, secretOptions}: LogConfiguration, container: string): string {
  const kept = "kept by the engine's driver json-file on the instance, for berth task logs"
  if (logDriver === 'awsfirelens') return `Its log is ${kept}: no router gets it.${GENERAL_OPTIONS}`
  if (logDriver !== 'awslogs') return `Passed to the engine's driver ${logDriver} as it stands${secretOptions ? SECRET_OPTIONS : ''}.`
  const prefix = options['awslogs-stream-prefix']
  const stream = prefix ? `, stream ${quoted(`${prefix}/${container}/TASK-ID`)},` : ''
  return `Its log is ${kept}: CloudWatch's group ${quoted(options['awslogs-group'] ?? '')}${stream} gets nothing.${GENERAL_OPTIONS}`
}

const SECRET_OPTIONS = '; the values of secretOptions are found when the task starts'

const GENERAL_OPTIONS = ' Of its options only mode and max-buffer-size have an effect.'

function gpu(type: string, value: string): string | undefined {
  return type === 'GPU' && value === 'ALL' ? 'It is given every GPU of the instance, and needs one that no other task holds.' : undefined
}
