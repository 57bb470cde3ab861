// The end of a run's hosts, and the clean slate between two suites.
import {existsSync, rmSync} from 'node:fs'
import {cgroupOfRun, endCgroup} from './cgroups.js'
import {docker} from './engine.js'
import {mend, mendEngine} from './faults.js'
import {BASE_IMAGE} from './images.js'
import {removeNetwork} from './network.js'
import {allHosts, type TestHost, type TestHosts} from './test-hosts.js'

/**
 * Nothing of the run is left: no process, container, namespace, mount, bridge, cgroup or file, in whatever state a test left it.
 * A run that is already gone is no error.
 */
export async function stopRun(hosts: Pick<TestHosts, 'runId' | 'folder' | 'addresses'>): Promise<void> {
  await endCgroup(cgroupOfRun(hosts.runId))
  await removeNetwork(hosts.runId, hosts.addresses)
  if (existsSync(hosts.folder)) rmSync(hosts.folder, {force: true, maxRetries: 20, recursive: true, retryDelay: 50})
}

/** Every fault is mended, and no host has a container, a volume, a network of a test, or an image but the base image. */
export async function resetHosts(hosts: TestHosts): Promise<void> {
  await Promise.all([...hosts.ssh.map(mend), mendEngine(hosts.local)])
  await Promise.all(allHosts(hosts).map(emptyEngine))
}

async function emptyEngine(host: TestHost): Promise<void> {
  const containers = words(await docker(host, 'ps', '-aq'))
  if (containers.length > 0) await docker(host, 'rm', '-f', '-v', ...containers)
  const volumes = words(await docker(host, 'volume', 'ls', '-q'))
  if (volumes.length > 0) await docker(host, 'volume', 'rm', '-f', ...volumes)
  const networks = words(await docker(host, 'network', 'ls', '-q', '--filter', 'type=custom'))
  if (networks.length > 0) await docker(host, 'network', 'rm', ...networks)
  const images = words(await docker(host, 'image', 'ls', '--format', '{{.Repository}}:{{.Tag}}')).filter((image) => image !== BASE_IMAGE)
  const tagged = images.filter((image) => !image.includes('<none>'))
  if (tagged.length > 0) await docker(host, 'image', 'rm', '-f', ...tagged)
}

function words(text: string): readonly string[] {
  return text.split('\n').filter((word) => word !== '')
}
