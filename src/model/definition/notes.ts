// What a task definition says that means something else at home than on AWS: told whenever one is registered, checked or run. What the task engine does
// as ECS would has no note.
import {quoted} from '../names.js'
import type {TaskDefinitionDocument, Volume} from '../task-definition.js'
import {containerNotes} from './container-notes.js'

/** A remark on one place of a definition, as a whole sentence. */
export interface DefinitionNote {
  /** `containerDefinitions[0].logConfiguration`, as faults have it. */
  readonly path: string
  readonly said: string
}

const UNITS_PER_CORE = 1024

/** The notes of the document, in a fixed order: the task's own fields, its volumes, then its containers one after the other. */
export function definitionNotes(document: TaskDefinitionDocument): readonly DefinitionNote[] {
  return [
    ...taskNotes(document).flatMap(([path, said]) => (said ? [{path, said}] : [])),
    ...(document.volumes ?? []).flatMap((volume, index) => efsNotes(volume, `volumes[${index}].efsVolumeConfiguration`)),
    ...document.containerDefinitions.flatMap((container, index) => containerNotes(container, document, `containerDefinitions[${index}]`)),
  ]
}

function taskNotes(document: TaskDefinitionDocument): readonly (readonly [path: string, said: string | undefined])[] {
  const {cpu, memory, networkMode, requiresCompatibilities, runtimePlatform} = document
  return [
    ['cpu', cpu && `Each container is capped at ${cores(cpu)}: no cgroup of the task's own is made on the instance.`],
    ['memory', memory && `${memory} MiB is the limit of each container that has none of its own: no cgroup of the task's own is made.`],
    ['networkMode', networkMode === 'awsvpc' ? AWSVPC : undefined],
    ['requiresCompatibilities', requiresCompatibilities && COMPATIBILITIES],
    [
      'placementConstraints',
      document.placementConstraints &&
        'Asked of the attributes that instances have here: those of AWS alone, such as a VPC or an AMI, have none of them.',
    ],
    ['runtimePlatform', runtimePlatform && platform(runtimePlatform.operatingSystemFamily)],
    [
      'taskRoleArn',
      document.taskRoleArn && 'Kept; no credentials are handed out: the containers have only what the definition and the run give them.',
    ],
    ['executionRoleArn', document.executionRoleArn && EXECUTION_ROLE],
    ['ephemeralStorage', document.ephemeralStorage && "Kept, no effect here yet: containers write to the instance's disk without a limit."],
    ['enableFaultInjection', document.enableFaultInjection ? 'Kept, no effect here yet: no fault is injected.' : undefined],
  ]
}

const AWSVPC =
  'The containers share one network namespace through a pause container, and reach each other at localhost; ' +
  'each mapped port is published at a host port that the engine chooses.'

const COMPATIBILITIES = 'Kept: the definition is checked against it, and runs on any instance all the same.'

const EXECUTION_ROLE = 'Kept; images are pulled with your docker configuration, and a run says where the values of secrets are.'

function cores(cpu: string): string {
  const count = Number(cpu) / UNITS_PER_CORE
  return `${count} ${count === 1 ? 'core' : 'cores'} (${cpu} CPU units)`
}

function platform(family: string | undefined): string {
  if (family?.startsWith('WINDOWS')) return `Kept; ${family} runs only on an instance whose engine runs Windows containers.`
  return 'Only instances of its architecture take the task, where it names one; the operating system is kept and not asked for.'
}

function efsNotes({efsVolumeConfiguration}: Volume, path: string): readonly DefinitionNote[] {
  if (!efsVolumeConfiguration) return []
  const {authorizationConfig, fileSystemId, transitEncryption, transitEncryptionPort} = efsVolumeConfiguration
  const said = `Mounted only where a run says which NFS export stands for it: --efs ${fileSystemId}=nfs://SERVER/PATH.`
  const isSecured = authorizationConfig !== undefined || transitEncryption === 'ENABLED' || transitEncryptionPort !== undefined
  const unsecured = `Of file system ${quoted(fileSystemId)}, encryption in transit, access point and IAM are AWS's own: the export is mounted as it is.`
  return [{path, said}, ...(isSecured ? [{path: `${path}.transitEncryption`, said: unsecured}] : [])]
}
