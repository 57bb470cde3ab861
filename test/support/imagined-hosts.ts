// Hosts in the mind: a plan is recorded as it would be, and then tasks start, get healthy, fail and stop as a test says, while time passes as it says.
import type {Plan} from '../../src/model/plan.js'
import {put, type State} from '../../src/model/state.js'
import {holdsResources, type Task} from '../../src/model/task.js'
import {type Instant, instant, timestamp} from '../../src/model/time.js'
import {type Reconciled, reconcile} from '../../src/scheduling/reconcile.js'
import {recordPlan} from '../../src/scheduling/record-plan.js'
import {aCluster, anId, LONG_AGO} from './build.js'

/** What may happen to a task or to a host. */
export type Happening =
  | {readonly kind: 'start' | 'failToStart' | 'crash' | 'healthy' | 'unhealthy' | 'stopped'; readonly pick: number}
  | {readonly kind: 'silent' | 'back'; readonly pick: number}
  | {readonly kind: 'later'; readonly seconds: number}

export class ImaginedHosts {
  now: Instant = instant(LONG_AGO) + 24 * 60 * 60 * 1000
  #drawn = 1000

  constructor(
    public state: State,
    private readonly only?: ReadonlySet<string>,
  ) {}

  /** What the scheduler would do now. */
  decide(state: State = this.state): Reconciled {
    const seen = {at: this.now, instances: {}}
    const only = this.only === undefined ? {} : {only: this.only}
    return reconcile(state, seen, {clusterId: aCluster().id, requiredAttributes: () => [], ...only}, this.now)
  }

  /** As the client that decided it: all of it is recorded, and a moment passes. */
  record(plan: Plan): void {
    const ids = new Map<string, string>()
    const idOf = (slot: string) => {
      const known = ids.get(slot)
      if (known === undefined) this.#drawn += 1
      const id = known ?? anId(this.#drawn, 'e')
      ids.set(slot, id)
      return id
    }
    this.state = recordPlan(this.state, plan, idOf, this.now)
    this.now += 1000
  }

  /** What happens to a task happens to one of `among`; default: any. */
  happen(happening: Happening, among: (task: Task) => boolean = () => true): void {
    switch (happening.kind) {
      case 'later':
        this.now += happening.seconds * 1000
        return
      case 'silent':
      case 'back': {
        const instances = Object.values(this.state.instances).filter(
          (one) => (one.silentSince === undefined) === (happening.kind === 'silent'),
        )
        const instance = instances[happening.pick % Math.max(1, instances.length)]
        if (!instance) return
        const {silentSince: _, ...answering} = instance
        const changed = happening.kind === 'silent' ? {...answering, silentSince: timestamp(this.now)} : answering
        this.state = {...this.state, instances: put(this.state.instances, instance.id, changed)}
        return
      }
      default:
        this.#toTask(happening.kind, happening.pick, among)
    }
  }

  /** Everything that can go well does: tasks start, get healthy and stop, hosts answer again. */
  allGoesWell(): void {
    for (const _ of Object.keys(this.state.instances)) this.happen({kind: 'back', pick: 0})
    for (const kind of ['start', 'healthy', 'stopped'] as const) for (const _ of this.#tasksFor(kind)) this.happen({kind, pick: 0})
    this.happen({kind: 'later', seconds: 45})
  }

  #toTask(kind: Exclude<Happening['kind'], 'silent' | 'back' | 'later'>, pick: number, among: (task: Task) => boolean): void {
    const tasks = this.#tasksFor(kind).filter(among)
    const task = tasks[pick % Math.max(1, tasks.length)]
    if (!task) return
    this.state = {...this.state, tasks: put(this.state.tasks, task.id, {...this.#changed(task, kind), version: task.version + 1})}
  }

  #tasksFor(kind: Happening['kind']): readonly Task[] {
    const live = Object.values(this.state.tasks).filter(
      (task) => holdsResources(task) && this.state.instances[task.instanceId]?.silentSince === undefined,
    )
    const wanted = live.filter(({desiredStatus}) => desiredStatus === 'RUNNING')
    switch (kind) {
      case 'start':
      case 'failToStart':
        return wanted.filter(({lastStatus}) => lastStatus === 'PENDING')
      case 'stopped':
        return live.filter(({desiredStatus}) => desiredStatus === 'STOPPED')
      case 'healthy':
        return wanted.filter(({containers, lastStatus}) => lastStatus === 'RUNNING' && containers[0]?.healthStatus !== 'HEALTHY')
      default:
        return wanted.filter(({lastStatus}) => lastStatus === 'RUNNING')
    }
  }

  #changed(task: Task, kind: Exclude<Happening['kind'], 'silent' | 'back' | 'later'>): Task {
    const at = timestamp(this.now)
    const ended = {lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stoppedAt: at} as const
    switch (kind) {
      case 'start':
        return {
          ...task,
          lastStatus: 'RUNNING',
          startedAt: at,
          containers: task.containers.map((one) => ({...one, lastStatus: 'RUNNING', healthStatus: 'UNKNOWN'})),
        }
      case 'failToStart':
        return {...task, ...ended, stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: no'}
      case 'crash':
        return {...task, ...ended, stopCode: 'EssentialContainerExited'}
      case 'stopped':
        return {...task, ...ended}
      case 'healthy':
        return {...task, containers: task.containers.map((one) => ({...one, healthStatus: 'HEALTHY', healthyAt: one.healthyAt ?? at}))}
      case 'unhealthy':
        return {...task, containers: task.containers.map((one) => ({...one, healthStatus: 'UNHEALTHY'}))}
    }
  }
}
