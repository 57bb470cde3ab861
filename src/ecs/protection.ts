// Protected tasks as UpdateTaskProtection answers.
import type {UpdateTaskProtectionResponse} from '@aws-sdk/client-ecs'
import {type State, the} from '../model/state.js'
import type {Task} from '../model/task.js'
import {instant} from '../model/time.js'
import {taskArn} from './arns.js'
import type {Described} from './described.js'

/** Tasks that cannot be protected are failures, with ECS's reason. */
export function protectionJson({state, tasks}: {readonly state: State; readonly tasks: readonly Task[]}) {
  const arnOf = ({clusterId, id}: Task) => taskArn(the(state.clusters, clusterId).name, id)
  const isOfService = ({lastStatus, workload}: Task) => workload?.kind === 'service' && lastStatus !== 'STOPPED'
  return {
    protectedTasks: tasks.filter(isOfService).map((task) => ({
      taskArn: arnOf(task),
      protectionEnabled: task.protectedUntil !== undefined,
      ...(task.protectedUntil === undefined ? {} : {expirationDate: new Date(instant(task.protectedUntil))}),
    })),
    failures: tasks.filter((task) => !isOfService(task)).map((task) => ({arn: arnOf(task), reason: 'TASK_NOT_VALID'})),
  } satisfies Described<Partial<UpdateTaskProtectionResponse>>
}
