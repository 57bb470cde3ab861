// Ports that the state has given to a task and that another container holds. Ports that an instance reserves are kept for others: who has them takes nothing.
import type {Drift} from '../../model/drift.js'
import type {ForeignHolding} from '../../model/observation.js'
import type {Protocol} from '../../model/resources.js'
import type {Task} from '../../model/task.js'
import {typedDocker} from '../../model/typed-docker.js'
import type {HostAsked} from './asked.js'
import {cannot, drift, taskSubject} from './made.js'

const PROTOCOLS = ['tcp', 'udp'] as const

/** One for each port. What publishes it at another address of the host, beside the task's own container, is in nobody's way. */
export function stolenPorts(asked: HostAsked): readonly Drift[] {
  return asked.tasks.flatMap((task) =>
    PROTOCOLS.flatMap((protocol) =>
      portsOf(task, protocol).flatMap((port) => {
        const holder = asked.host.foreign.find((one) => heldBy(one, protocol).includes(port))
        return holder && !publishes(asked, task, port, protocol) ? [stolen(asked, task, `${port}/${protocol}`, holder)] : []
      }),
    ),
  )
}

function stolen({instance}: HostAsked, task: Task, port: string, {name}: ForeignHolding): Drift {
  return drift({
    kind: 'port',
    instance,
    subject: `port ${port}`,
    wanted: `of ${taskSubject(task.id)}`,
    found: `held by container ${name}`,
    mark: `${task.id} ${name}`,
    adopt: cannot('the task needs the port'),
    revert: cannot('what is of no task of this cluster is never stopped', typedDocker(instance.address, `stop ${name}`)),
  })
}

function portsOf({containers, need}: Task, protocol: Protocol): readonly number[] {
  const bound = containers.flatMap(({networkBindings = []}) => networkBindings.filter((one) => one.protocol === protocol))
  return [...new Set([...(protocol === 'tcp' ? need.tcpPorts : need.udpPorts), ...bound.map(({hostPort}) => hostPort)])].sort(
    (a, b) => a - b,
  )
}

function heldBy({tcpPorts, udpPorts}: ForeignHolding, protocol: Protocol): readonly number[] {
  return protocol === 'tcp' ? tcpPorts : udpPorts
}

function publishes({host}: HostAsked, task: Task, port: number, protocol: Protocol): boolean {
  const own = host.containers.filter(({name}) => task.containers.some(({containerName}) => containerName === name))
  return own.some(({ports}) => ports.some((one) => one.hostPort === port && one.protocol === protocol))
}
