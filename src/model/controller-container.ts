// The container that is a controller of a cluster on one of its instances.
import type {Cluster} from './cluster.js'

/** Docker takes no longer name of a host. */
const MOST_HOSTNAME = 63

/** Of the container and of its volume: the same on each instance, and that of no other cluster. */
export function controllerContainerName({id, name}: Pick<Cluster, 'id' | 'name'>): string {
  return `berth-controller-${name}-${id.slice(0, 8)}`
}

const HOSTNAME = 'controller-on-'

/** Where it runs, as far as its name among those who change the state tells; `undefined` for one that runs elsewhere. */
export function placeOfController(by: string | undefined): string | undefined {
  const host = by?.slice(by.lastIndexOf('@') + 1)
  return host?.startsWith(HOSTNAME) ? host.slice(HOSTNAME.length) : undefined
}

/** What it calls itself among those who change the state. */
export function controllerHostname(instanceName: string): string {
  return `${HOSTNAME}${instanceName}`
    .replaceAll(/[^A-Za-z0-9-]/g, '-')
    .slice(0, MOST_HOSTNAME)
    .replace(/-+$/, '')
}
