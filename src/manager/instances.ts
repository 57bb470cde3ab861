// Use cases of instances that are there already.
import {builtInAttributes, type Placing} from '../ecs/attributes.js'
import {InvalidInputError} from '../errors.js'
import {checkAttributeCount, parseAttributes} from '../model/attributes.js'
import type {Cluster} from '../model/cluster.js'
import type {Instance, InstanceId} from '../model/instance.js'
import type {Observation} from '../model/observation.js'
import {unobserved} from '../model/observation.js'
import type {UpdateInstance} from '../model/plan.js'
import {registeredResources} from '../model/register-resources.js'
import type {Resources, ResourceSettings} from '../model/resources.js'
import {instancesOf, type State, the} from '../model/state.js'
import {planLeave, planStatus, refuseController} from '../scheduling/instances.js'
import {buildFleet, remainingOf} from '../placement/fleet.js'
import type {World} from '../world/world.js'
import {type Done, done} from './done.js'
import {look} from './look.js'
import {LIST_DEADLINE_MS} from './observe.js'
import {clusterNamed, findInstance} from './resolve.js'
import {settle} from './settle.js'
import {settleDaemons} from './settle-cluster.js'

/** Instances with what is left of each, and the state in which they stand. */
export interface FoundInstances {
  readonly state: State
  readonly cluster: Cluster
  readonly instances: readonly {readonly instance: Instance; readonly remaining: Resources}[]
}

/** The instances of these ids, in this order, with what the state and the look say is left of them. */
export function foundInstances(
  state: State,
  cluster: Cluster,
  ids: readonly InstanceId[],
  seen: Observation = unobserved(0),
): FoundInstances {
  const fleet = buildFleet(state, cluster.id, seen)
  const instances = ids.map((id) => the(state.instances, id)).map((instance) => ({instance, remaining: remainingOf(fleet, instance)}))
  return {state, cluster, instances}
}

export interface ListInstancesWanted {
  readonly cluster: string | undefined
  readonly status: 'ACTIVE' | 'DRAINING' | undefined
  /** An expression of the cluster query language; absent: all of them. */
  readonly filter?: string | undefined
  readonly cached: boolean
}

/** The instances of the cluster by name, after a look at all of them. Throws `InvalidParameterException` for a filter that is no expression, before it. */
export async function listInstances(world: World, wanted: ListInstancesWanted): Promise<FoundInstances> {
  const cluster = await clusterNamed(world, (await world.store.read()).state, wanted.cluster)
  const meets = wanted.filter === undefined ? undefined : (await import('../placement/constraints.js')).expressionTest(wanted.filter)
  const {seen, state} = await look(world, cluster, wanted.cached ? undefined : {deadlineMs: LIST_DEADLINE_MS, foreignMemory: true})
  const met =
    meets &&
    new Set(
      buildFleet(state, cluster.id, seen)
        .candidates.filter(meets)
        .map(({instance}) => instance.id),
    )
  const listed = instancesOf(state, cluster.id).filter(
    ({id, status}) => (wanted.status === undefined || status === wanted.status) && (met === undefined || met.has(id)),
  )
  return foundInstances(
    state,
    cluster,
    listed.map(({id}) => id),
    seen,
  )
}

/** The instances named, after a look at all hosts. Throws `ContainerInstanceNotFound`. */
export async function describeInstances(
  world: World,
  wanted: {readonly cluster: string | undefined; readonly names: readonly string[]; readonly cached: boolean},
): Promise<FoundInstances> {
  const before = (await world.store.read()).state
  const cluster = await clusterNamed(world, before, wanted.cluster)
  const ids = wanted.names.map((name) => findInstance(before, cluster, name).id)
  const {seen, state} = await look(world, cluster, wanted.cached ? undefined : {deadlineMs: LIST_DEADLINE_MS, foreignMemory: true})
  return foundInstances(state, cluster, ids, seen)
}

export interface UpdateInstanceWanted {
  readonly cluster: string | undefined
  readonly name: string
  readonly zone: string | undefined
  readonly instanceType: string | undefined
  /** `name=value` or `name`, set or replaced. */
  readonly attributes: readonly string[]
  readonly removeAttributes: readonly string[]
  /** Only what changes. */
  readonly resources: Partial<ResourceSettings>
  readonly dryRun: boolean
}

/** The instance with other attributes or registered resources; what it runs goes on. Throws `NothingToUpdate`. */
export async function updateInstance(world: World, wanted: UpdateInstanceWanted): Promise<Done<FoundInstances>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const {id} = findInstance(state, cluster, wanted.name)
  const settled = await settle(world, {
    because: `update instance ${wanted.name}`,
    decide: (current) => {
      const action = updateOf(the(current.instances, id), wanted)
      return {actions: action ? [action] : [], notes: action ? [] : [{said: `instance ${wanted.name} is so already`}], refusals: []}
    },
    dryRun: wanted.dryRun,
  })
  return done(settled, wanted.dryRun, () => foundInstances(settled.state, cluster, [id]))
}

/** Drains or activates the instances named: a draining one keeps its tasks and takes no new ones. */
export async function setInstanceStatus(
  world: World,
  wanted: {
    readonly cluster: string | undefined
    readonly names: readonly string[]
    readonly status: 'ACTIVE' | 'DRAINING'
    readonly dryRun: boolean
  },
): Promise<Done<FoundInstances>> {
  const {state} = await world.store.read()
  const cluster = await clusterNamed(world, state, wanted.cluster)
  const ids = wanted.names.map((name) => findInstance(state, cluster, name).id)
  const settled = await settle(world, {
    because: `set ${wanted.names.join(', ')} to ${wanted.status}`,
    decide: (current) =>
      planStatus(
        ids.map((id) => the(current.instances, id)),
        wanted.status,
      ),
    dryRun: wanted.dryRun,
  })
  if (wanted.status === 'ACTIVE' && !wanted.dryRun) await settleDaemons(world, cluster)
  return done(settled, wanted.dryRun, () => foundInstances(settled.state, cluster, ids))
}

/** After it the instance is out of the cluster and its host bears no mark of it. `force` orphans its tasks and forgets a host that is silent. */
export async function leaveInstance(
  world: World,
  wanted: {readonly cluster: string | undefined; readonly name: string; readonly force: boolean; readonly dryRun: boolean},
): Promise<Done<FoundInstances>> {
  const cluster = await clusterNamed(world, (await world.store.read()).state, wanted.cluster)
  const {seen, state} = await look(world, cluster, {deadlineMs: LIST_DEADLINE_MS})
  const instance = findInstance(state, cluster, wanted.name)
  refuseController(cluster, [instance], seen)
  const forget = wanted.force && seen.instances[instance.id]?.answered === false
  const settled = await settle(world, {
    about: cluster.id,
    because: `take ${instance.name} out of cluster ${cluster.name}`,
    question: `Take instance ${instance.name} out of cluster ${cluster.name}?`,
    decide: (current) => planLeave(current, findInstance(current, cluster, instance.id), {force: wanted.force, forget}),
    dryRun: wanted.dryRun,
  })
  return done(settled, wanted.dryRun, () => foundInstances(state, cluster, [instance.id]))
}

/** `undefined` when the instance is so already. */
function updateOf(instance: Instance, wanted: UpdateInstanceWanted): UpdateInstance | undefined {
  const {attributes, removeAttributes, resources} = wanted
  const words = attributes.length + removeAttributes.length + Object.keys(resources).length
  if (words === 0 && wanted.zone === undefined && wanted.instanceType === undefined)
    throw new InvalidInputError('NothingToUpdate', `Say what of instance "${instance.name}" is to change.`, {
      suggestions: [`berth instance update ${instance.name} --attribute disk=ssd`],
    })
  const kept = Object.entries(instance.customAttributes).filter(([name]) => !removeAttributes.includes(name))
  const resourceSettings = {...instance.resourceSettings, ...resources}
  const change: UpdateInstance['change'] = {
    customAttributes: checkAttributeCount({...Object.fromEntries(kept), ...parseAttributes(attributes)}),
    builtInAttributes: builtInAttributes(instance.engine, placing(instance, wanted)),
    resourceSettings,
    registered: registeredResources(instance.engine, resourceSettings),
  }
  const changed = Object.entries(change).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(instance[key as keyof typeof change]),
  )
  return changed.length === 0 ? undefined : {kind: 'updateInstance', instance, change: Object.fromEntries(changed), because: 'asked for'}
}

/** Zone and type as they shall be: those that are not said stay. */
export function placing(instance: Instance, wanted: Partial<Pick<UpdateInstanceWanted, 'zone' | 'instanceType'>>): Placing {
  const zone = wanted.zone ?? instance.builtInAttributes['ecs.availability-zone']
  const instanceType = wanted.instanceType ?? instance.builtInAttributes['ecs.instance-type']
  return {...(zone == null ? {} : {zone}), ...(instanceType == null ? {} : {instanceType})}
}
