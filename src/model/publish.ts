// Published ports as docker's `-p` writes them, as far as a task definition can say them.
import {InvalidInputError} from '../errors.js'
import {quoted} from './names.js'
import {portNumber} from './port-number.js'
import type {Protocol} from './resources.js'
import type {PortMapping} from './container-definition.js'

/**
 * Reads `HOST:CONTAINER[/tcp|/udp]`, or `CONTAINER[/tcp|/udp]` for a host port that the engine chooses (as does a host port of 0). Throws `InvalidPort`, also for
 * ranges, for an address to bind to (ECS has none), and for a host or container port given twice for one protocol.
 */
export function parsePublishedPorts(texts: readonly string[]): readonly PortMapping[] {
  const mappings = texts.map(parsePublishedPort)
  refuseTwice(mappings.map(({containerPort, protocol}) => `container port ${containerPort}/${protocol}`))
  refuseTwice(mappings.flatMap(({hostPort, protocol}) => (hostPort === undefined ? [] : [`host port ${hostPort}/${protocol}`])))
  return mappings
}

function parsePublishedPort(text: string): PortMapping & {readonly protocol: Protocol} {
  const [ports = '', protocol = 'tcp', ...rest] = text.split('/')
  if (/\d-\d/.test(ports)) throw invalid(`${quoted(text)} is a range of ports, which cannot be published in one go: give -p for each port.`)
  const numbers = ports.split(':')
  if (numbers.length > 2)
    throw invalid(`${quoted(text)} names an address to bind to, which a task definition cannot say: give HOST:CONTAINER.`)
  const containerPort = portNumber(numbers.at(-1) ?? '')
  const hostPort = numbers.length === 1 || /^0{1,5}$/.test(numbers[0] ?? '') ? undefined : (portNumber(numbers[0] ?? '') ?? Number.NaN)
  if (containerPort === undefined || Number.isNaN(hostPort) || rest.length > 0 || (protocol !== 'tcp' && protocol !== 'udp'))
    throw invalid(`${quoted(text)} is not a port to publish: give HOST:CONTAINER or CONTAINER, 1 to 65535, with /udp where it is not TCP.`)
  return {containerPort, ...(hostPort === undefined ? {} : {hostPort}), protocol}
}

function refuseTwice(ports: readonly string[]): void {
  const twice = ports.find((port, index) => ports.indexOf(port) !== index)
  if (twice !== undefined) throw invalid(`The ports to publish name ${twice} twice.`)
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError('InvalidPort', message, {
    suggestions: ['berth task run --image IMAGE -p 8080:80', 'berth task run --image IMAGE -p 5353:53/udp'],
  })
}
