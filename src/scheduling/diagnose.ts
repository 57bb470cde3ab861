// From what hosts answered to what a person should know of them, and what would mend it.
import type {Examination, Finding} from '../model/diagnosis.js'
import type {EngineFacts, Instance} from '../model/instance.js'
import {typedDocker} from '../model/typed-docker.js'
import {diskFinding, type Found, recordsFinding, sshFinding} from './diagnose-host.js'
import {recordAt, type State, the} from '../model/state.js'
import {clockOff, engineChanges, MEND_CLOCK, MOST_CLOCK_MS} from './host-changes.js'

/** A host that takes longer for four questions is slow. */
const SLOW_MS = 1000
/** It runs, or may at any moment. */
const UP: ReadonlySet<string> = new Set(['running', 'paused', 'restarting'])

type Answered = Extract<Examination, {readonly answered: true}>

/** In the order in which they are asked; what is well is told too. */
export function diagnose(state: State, instance: Instance, examined: Examination): readonly Finding[] {
  const cluster = the(state.clusters, instance.clusterId).name
  const found: readonly Found[] = examined.answered
    ? [
        connection(examined),
        ...(examined.ssh ? [sshFinding(examined.ssh)] : []),
        engine(instance, cluster, examined.facts),
        diskFinding(instance.address, examined.dataRoot, examined.disk),
        clock(examined),
        mark(instance, cluster, examined),
        recordsFinding(state, instance, examined.kept),
        ...containers(state, instance, examined),
      ]
    : [
        {
          what: 'connection',
          severity: 'problem',
          said: examined.why,
          mend: examined.suggestions[0] ?? `berth instance describe ${instance.name} -c ${cluster}`,
        },
      ]
  return found.map((one) => ({instance: instance.name, ...one}))
}

function connection({tookMs}: Answered): Found {
  const said = `answers; four questions took ${Math.round(tookMs)} ms`
  return {what: 'connection', severity: tookMs > SLOW_MS ? 'note' : 'ok', said}
}

/** What was recorded at the join and is another now: placement goes by what was recorded. */
function engine({engine: was, name}: Instance, cluster: string, now: EngineFacts): Found {
  const told = `Docker ${now.engineVersion}, API ${now.minApiVersion} to ${now.apiVersion}, ${now.storageDriver} (${now.imageStore})`
  const changes = engineChanges(was, now)
  if (changes.length === 0) return {what: 'engine', severity: 'ok', said: told}
  const isGrave = changes.some((change) => change.isGrave)
  return {
    what: 'engine',
    severity: isGrave ? 'problem' : 'note',
    said: `${told}; since the join ${changes.map(({field, is, was: old}) => `${field} was ${old} and is ${is}`).join(', ')}`,
    ...(isGrave ? {mend: `berth instance leave ${name} -c ${cluster}, and join it again`} : {}),
  }
}

function clock({clockAheadMs}: Answered): Found {
  const off = clockOff(clockAheadMs)
  if (off === undefined) return {what: 'clock', severity: 'ok', said: `within ${MOST_CLOCK_MS / 1000} s of ours`}
  const said = `its clock is ${off} ours: times of tasks and logs are off by that`
  return {what: 'clock', severity: 'problem', said, mend: MEND_CLOCK}
}

/** The volume by which the host knows whose it is. */
function mark({address, id}: Instance, cluster: string, {marks}: Answered): Found {
  const own = marks.find(({instanceId}) => instanceId === id)
  const rival = marks.find(({instanceId}) => instanceId !== id)
  if (rival)
    return {
      what: 'mark',
      severity: 'problem',
      said: `another state has it in cluster "${rival.cluster}", as instance ${rival.instanceId}`,
      mend: typedDocker(address, 'volume ls --filter name=berth-'),
    }
  if (own) return {what: 'mark', severity: 'ok', said: `it knows that it is in cluster "${cluster}"`}
  const mend = `berth cluster refresh ${cluster}`
  return {what: 'mark', severity: 'problem', said: 'it bears no mark of being in a cluster: another state could join it', mend}
}

function containers(state: State, {address, clusterId}: Instance, {foreign, owned}: Answered): readonly Found[] {
  const orphans = owned.filter(({owner}) => owner?.clusterId === clusterId && recordAt(state.tasks, owner.taskId) === undefined)
  const undead = owned.filter(({owner, status}) => owner && UP.has(status) && recordAt(state.tasks, owner.taskId)?.lastStatus === 'STOPPED')
  const others = owned.filter(({owner}) => owner?.clusterId !== clusterId)
  const ports = foreign.flatMap(({name, tcpPorts, udpPorts}) => [...tcpPorts, ...udpPorts].map((port) => `${port} by ${name}`))
  const stray = (these: readonly {readonly name: string}[], said: string): readonly Found[] =>
    these.length === 0
      ? []
      : [
          {
            what: 'containers',
            severity: 'problem',
            said: `${said}: ${these.map(({name}) => name).join(', ')}`,
            mend: typedDocker(address, `rm -f ${these.map(({name}) => name).join(' ')}`),
          },
        ]
  const found = [
    ...stray(orphans, 'of tasks that the state does not know'),
    ...stray(undead, 'running, of tasks that have stopped'),
    ...(ports.length === 0
      ? []
      : [{what: 'ports', severity: 'note' as const, said: `held by containers of no task that runs: ${ports.join(', ')}`}]),
  ]
  const known = owned.length - others.length - orphans.length
  const isWell = orphans.length + undead.length === 0
  return [
    ...(isWell ? [{what: 'containers', severity: 'ok' as const, said: `${known} of ours, all known`}] : []),
    ...found,
    ...(others.length === 0
      ? []
      : [{what: 'containers', severity: 'note' as const, said: `of other clusters: ${others.map(({name}) => name).join(', ')}`}]),
  ]
}
