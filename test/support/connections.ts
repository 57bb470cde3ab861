// The real connections, in a runtime folder of the test's own.
import type {ConnectionTools} from '../../src/system/connection-tools.js'
import {HostConnections} from '../../src/system/host-connections.js'
import {SystemClock} from '../../src/system/clock.js'
import {RandomIds} from '../../src/system/ids.js'
import {SystemLocks} from '../../src/system/locks.js'

export function connectionsIn(
  runtimeFolder: string,
  sshConfig: string,
  persistSeconds = 60,
  note: (text: string) => void = () => {},
): HostConnections {
  return new HostConnections(toolsIn(runtimeFolder, sshConfig, persistSeconds, note))
}

/** What they are made with. */
export function toolsIn(
  runtimeFolder: string,
  sshConfig: string,
  persistSeconds = 60,
  note: (text: string) => void = () => {},
): ConnectionTools {
  const clock = new SystemClock()
  return {
    clock,
    env: {BERTH_SSH_CONFIG: sshConfig, BERTH_SSH_PERSIST_SECONDS: String(persistSeconds)},
    ids: new RandomIds(),
    locks: new SystemLocks(clock),
    note,
    runtimeFolder,
    uid: process.getuid?.() ?? 0,
  }
}
