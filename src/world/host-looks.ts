// What a host tells besides its engine, without anything being installed or run there that stays.
import type {DiskRoom, SshWay} from '../model/diagnosis.js'
import type {HostAddress} from '../model/host-address.js'

export interface HostLooks {
  /** What is left on the file system of this folder of the host. Throws `UnreachableError`s, and the signal's reason when it fires. */
  disk(address: HostAddress, folder: string, signal: AbortSignal): Promise<DiskRoom>
  /**
   * How the host's sshd lets its engine be used; `undefined` where the host is not reached by ssh. Only where sessions count are they
   * counted: for less than a second others may have to wait for theirs. Throws as `disk`.
   */
  ssh(address: HostAddress, signal: AbortSignal): Promise<SshWay | undefined>
}
