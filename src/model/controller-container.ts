// The container that is a controller of a cluster on one of its instances.
import type {Cluster} from './cluster.js'

/** Docker takes no longer name of a host. */
const MOST_HOSTNAME = 63

/** Of the container and of its volume: the same on each instance, and that of no other cluster. */
export function controllerContainerName({id, name}: Pick<Cluster, 'id' | 'name'>): string {
  return `berth-controller-${name}-${id.slice(0, 8)}`
}

/** What it calls itself among those who change the state. */
export function controllerHostname(instanceName: string): string {
  return `controller-on-${instanceName}`
    .replaceAll(/[^A-Za-z0-9-]/g, '-')
    .slice(0, MOST_HOSTNAME)
    .replace(/-+$/, '')
}
