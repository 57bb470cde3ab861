// Holds a draft against every rule that looks at more than one field, in the order of the reference.
import type {ContainerDefinition} from '../container-definition.js'
import type {TaskDefinitionDocument} from '../task-definition.js'
import type {DraftDocument, Finding, Rule} from './draft.js'
import {cycleRules} from './rules/cycles.js'
import {conditionRules, referenceRules} from './rules/dependencies.js'
import {fargateRules} from './rules/fargate.js'
import {hostAccessRules} from './rules/host-access.js'
import {networkRules} from './rules/network.js'
import {portRules} from './rules/ports.js'
import {programRules} from './rules/program.js'
import {containerSizeRules, taskSizeRules} from './rules/sizes.js'
import {containerRules, lengthRules, placementRules} from './rules/task.js'
import {volumeRules} from './rules/volumes.js'

const RULES: readonly Rule[] = [
  lengthRules,
  containerRules,
  taskSizeRules,
  containerSizeRules,
  fargateRules,
  networkRules,
  portRules,
  referenceRules,
  conditionRules,
  cycleRules,
  programRules,
  volumeRules,
  hostAccessRules,
  placementRules,
]

export function findings(document: DraftDocument): readonly Finding[] {
  return RULES.flatMap((rule) => [...rule(document)])
}

/** The draft as a document: with no fault and no finding nothing of it is missing. */
export function asDocument(draft: DraftDocument): TaskDefinitionDocument {
  const document = draft as TaskDefinitionDocument
  return {...document, containerDefinitions: document.containerDefinitions.map(plain)}
}

/** As ECS means it: a variable without a value has an empty one, no CPU is the same as 0, and a health check runs a program directly unless it says how. */
function plain(container: ContainerDefinition): ContainerDefinition {
  const {environment, healthCheck} = container
  const meant: Partial<Record<string, unknown>> = {
    environment: environment?.map(({name, value}) => ({name, value: value ?? ''})),
    healthCheck: healthCheck && {
      ...healthCheck,
      command: HOW_TO_RUN.includes(healthCheck.command[0] ?? '') ? healthCheck.command : ['CMD', ...healthCheck.command],
    },
  }
  const fields = Object.entries(container).filter(([field, value]) => field !== 'cpu' || value !== 0)
  return Object.fromEntries(fields.map(([field, value]) => [field, meant[field] ?? value])) as unknown as ContainerDefinition
}

const HOW_TO_RUN = ['CMD', 'CMD-SHELL', 'NONE']
