// The lock program, begun on a host: through the kept ssh connection, or on this machine for an engine at a socket of its own.
import type {Channel} from './channel.js'
import {openChannel} from './channel.js'
import type {ConnectionTools} from './connection-tools.js'
import type {HostAddress} from '../model/host-address.js'
import {LOCK_PROGRAM} from './lock-program.js'
import {hostBusy} from './places.js'
import {keptConnection} from './ssh-connection.js'

/** The channel to it; `undefined` where the host has no shell that we reach. Throws `UnreachableError`s, and the signal's reason when it fires. */
export async function lockChannel(
  tools: ConnectionTools,
  address: HostAddress,
  words: readonly [name: string, who: string],
  signal: AbortSignal,
): Promise<Channel | undefined> {
  switch (address.kind) {
    case 'tcp':
      return undefined
    case 'unix':
      return localChannel(words)
    case 'ssh': {
      const kept = await keptConnection(tools, address, signal)
      const channel = await openChannel(kept, `sh -c '${LOCK_PROGRAM}' berth ${words.join(' ')}`, signal)
      if (channel === undefined) throw hostBusy(kept.host)
      return channel
    }
  }
}

/** In a session of its own, so that Ctrl-C at the terminal leaves the lock until its holder gives it back; it dies with its input. */
async function localChannel(words: readonly string[]): Promise<Channel> {
  const {execa} = await import('execa')
  const child = execa('sh', ['-c', LOCK_PROGRAM, 'berth', ...words], {
    buffer: false,
    cleanup: false,
    detached: true,
    reject: false,
    stderr: 'ignore',
    stdin: 'pipe',
  })
  child.stdin.on('error', () => {})
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    ended: child.then(({exitCode}) => exitCode),
    end: () => void child.kill(),
    hold: (wanted) => (wanted ? child.ref() : child.unref()),
  }
}
