// The smallest changes that would let an instance take a task that none can take.
import type {Change, InstanceExplanation} from '../model/explanation.js'
import type {Check} from '../model/placement.js'
import type {TaskDefinitionDocument} from '../model/task-definition.js'

const MOST_TOLD = 5

/** An instance that needs so many changes and no fewer. */
interface Remedy {
  readonly instance: string
  readonly orders: readonly string[]
  /** How much of what is asked for is given up: what a person would rather do comes first. */
  readonly cost: number
}

/**
 * Those that take the fewest steps; of as many steps those that give up least, and instances that need the same are told together. Of amounts the smallest is
 * told, since it opens the instance that is nearest.
 */
export function changesFor(document: TaskDefinitionDocument, instances: readonly InstanceExplanation[]): readonly Change[] {
  const remedies = instances
    .map((instance) => remedyOf(document, instance))
    .sort((a, b) => a.orders.length - b.orders.length || a.cost - b.cost)
  const changes = new Map<string, string[]>()
  for (const {instance, orders} of remedies) {
    const text = orders.join(' and ')
    const known = changes.get(text)
    if (known) known.push(instance)
    else if (changes.size < MOST_TOLD) changes.set(text, [instance])
  }
  return [...changes].map(([text, names]) => ({text, instances: names}))
}

function remedyOf(document: TaskDefinitionDocument, {checks, instance}: InstanceExplanation): Remedy {
  const unmet = checks.filter(({isMet}) => !isMet)
  return {
    instance,
    orders: [...new Set(unmet.map((check) => orderFor(document, instance, check)))],
    cost: unmet.reduce((sum, check) => sum + costOf(check), 0),
  }
}

/** What a person would do about it. */
function orderFor(document: TaskDefinitionDocument, instance: string, check: Check): string {
  const [kind = '', ...rest] = check.what.split(' ')
  switch (kind) {
    case 'cpu':
      return `lower cpu by ${check.lacking} CPU units`
    case 'memory':
      return `lower ${memoryField(document)} by ${check.lacking} MiB`
    case 'gpu':
      return `ask for ${check.lacking} GPU fewer`
    case 'port':
      return portOrder(rest.join(' '), check.have)
    case 'status':
      return check.have === 'DRAINING' ? `activate ${instance}` : `wait until ${instance} is ACTIVE`
    case 'connection':
      return `bring ${instance} back`
    case 'attribute':
      return `use an instance whose ${rest.join(' ')} is ${check.need}`
    case 'distinctInstance':
      return 'drop distinctInstance'
    default:
      return memberOrder(check)
  }
}

/** Whatever holds it, it is never stopped without being asked: who holds it is named. */
function portOrder(port: string, holder: string): string {
  if (holder === 'reserved') return `use another port than ${port}, which is reserved`
  return `free port ${port}, ${holder.replace(/, which is of no task that runs in this cluster$/, ', which Berth does not manage')}`
}

/** Of parts that must all hold the ones that do not. */
function memberOrder({need, parts = []}: Check): string {
  const failing = parts.filter(({holds}) => !holds)
  if (failing.length === parts.length) return `drop the constraint ${need}`
  return `drop the ${failing.length === 1 ? 'clause' : 'clauses'} ${failing.map(({text}) => text).join(' and ')}`
}

/** ECS places by the reservation where there is one. */
function memoryField({containerDefinitions, memory}: TaskDefinitionDocument): string {
  if (memory !== undefined) return 'the memory of the task'
  return containerDefinitions.some(({memoryReservation}) => memoryReservation !== undefined) ? 'memoryReservation' : 'memory'
}

/** A host that is away or drained is no smaller thing than a few MiB. */
function costOf({code, lacking = 0, what}: Check): number {
  if (what === 'memory' || what === 'cpu') return lacking
  if (code === 'INACTIVE' || code === 'AGENT') return 100_000
  return 10_000
}
