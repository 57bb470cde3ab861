// Ports to forward, as kubectl writes them.
import {InvalidInputError} from '../errors.js'
import {quoted} from './names.js'
import {portNumber} from './port-number.js'

export interface ForwardedPort {
  /** 0: any that is free. */
  readonly localPort: number
  readonly containerPort: number
}

/** Reads `8080:80`, `80` for the same number on both sides, and `:80` for any local port that is free. Throws `InvalidPort`. */
export function parseForwardedPort(text: string): ForwardedPort {
  const [, local, container = ''] = /^(?:(\d{0,5}):)?(\d{1,5})$/.exec(text) ?? []
  const containerPort = portNumber(container)
  const localPort = local === undefined ? containerPort : local === '' || local === '0' ? 0 : portNumber(local)
  if (containerPort !== undefined && localPort !== undefined) return {localPort, containerPort}
  throw new InvalidInputError(
    'InvalidPort',
    `${quoted(text)} names no port to forward: give LOCAL:CONTAINER, PORT, or :PORT for any that is free.`,
    {
      suggestions: ['berth task port-forward TASK 8080:80', 'berth task port-forward TASK :80'],
    },
  )
}
