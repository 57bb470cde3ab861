// What a person should know of the services and daemons of a cluster, and what would mend it.
import type {Finding} from '../model/diagnosis.js'
import {deploymentName} from '../model/deployment.js'
import {isHealedByEngine} from '../model/healing.js'
import type {Workload} from '../model/service.js'
import {daemonsOf, recordAt, servicesOf, the} from '../model/state.js'
import {isService, overviewOf, primaryOf} from '../model/workload-records.js'
import {rolloutProgress, rolloutText} from './services/progress.js'
import type {Scene} from './services/scene.js'

type Known = Pick<Scene, 'now' | 'requiredAttributes' | 'seen' | 'state'>

/** Daemons, then services, each by name; what is well is told too. `isKept`: a controller leads. */
export function diagnoseWorkloads(known: Known, clusterId: string, isKept: boolean): readonly Finding[] {
  return [...daemonsOf(known.state, clusterId), ...servicesOf(known.state, clusterId)].flatMap((one) => findingsOf(known, one, isKept))
}

function findingsOf(known: Known, workload: Workload, isKept: boolean): readonly Finding[] {
  const {state} = known
  const what = isService(workload) ? 'service' : 'daemon'
  const cluster = the(state.clusters, workload.clusterId).name
  const records = overviewOf(state)(workload.id)
  const primary = primaryOf(workload, records)
  const progress = rolloutProgress(known, workload)
  const text = `${workload.name}: ${rolloutText(progress)}`
  const document = recordAt(state.definitions, primary.definitionId)?.document
  if (primary.rolloutState === 'FAILED')
    return [
      {
        what,
        severity: 'problem',
        said: `${text}; deployment ${deploymentName(primary.id)} failed and nothing took its place: ${primary.rolloutStateReason}`,
        mend: `berth ${what} rollback ${workload.name} -c ${cluster}`,
      },
    ]
  if (!progress.isSteady) {
    const obstacle = records.events.find(({message}) => message.includes('unable to'))
    const said = `${text}${obstacle === undefined ? '' : `; ${obstacle.message}`}`
    return [
      {
        what,
        severity: 'problem',
        said,
        mend: isKept ? `berth ${what} describe ${workload.name} -c ${cluster}` : `berth cluster settle -c ${cluster}`,
      },
    ]
  }
  if (!isKept && document && !isHealedByEngine(document)) return [forsaken(what, text, cluster)]
  return [{what, severity: 'ok', said: text}]
}

function forsaken(what: Finding['what'], text: string, cluster: string): Finding {
  return {
    what,
    severity: 'note',
    said: `${text}; nobody brings back what of it dies: its tasks are more than one plain container, and no controller leads`,
    mend: `berth controller run -c ${cluster}`,
  }
}
