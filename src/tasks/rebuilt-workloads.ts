// Services and daemons made anew from the records that hosts keep of them, with the deployments that say what they run.
import type {Workload} from '../model/service.js'
import {put, recordAt, type State, type Table} from '../model/state.js'
import {isNewer, type Told, type ToldRecords} from './told-records.js'

/**
 * `made` with those that the state before did not know, or that were written by somebody with a newer state. One whose deployment or definition no host keeps is left out: nobody could say
 * what it runs.
 */
export function withWorkloads(made: State, before: State, told: ToldRecords): State {
  const deployments = told.deployment.filter(
    (one) => recordAt(made.definitions, one.record.definitionId) && isWanted(before, before.deployments, one),
  )
  const withDeployments = deployments.reduce(
    (table, {record}) =>
      put(table, record.id, {...record, updatedAt: record.begunAt, version: (recordAt(before.deployments, record.id)?.version ?? 0) + 1}),
    made.deployments,
  )
  const state = {...made, deployments: withDeployments}
  const whole = <T extends Workload>(table: Table<T>, records: readonly Told<T>[]) =>
    records
      .filter(
        (one) =>
          isWanted(before, table, one) &&
          recordAt(state.deployments, one.record.deploymentId) &&
          recordAt(made.clusters, one.record.clusterId),
      )
      .reduce((all, {record}) => put(all, record.id, {...record, version: (recordAt(table, record.id)?.version ?? 0) + 1}), table)
  const services = whole(state.services, told.service)
  const daemons = whole(state.daemons, told.daemon)
  const kept = Object.entries(withDeployments).filter(([, {workloadId}]) => recordAt(services, workloadId) ?? recordAt(daemons, workloadId))
  return {...state, services, daemons, deployments: Object.fromEntries(kept)}
}

function isWanted(before: State, table: Table<unknown>, one: Told<unknown>): boolean {
  return !recordAt(table, one.name) || isNewer(before, one)
}
