// Which ports of an instance are taken, and by whom: a refusal names the holder.

/** `8080/tcp` to a phrase: `reserved`, `held by task ...`. */
export type PortHolders = ReadonlyMap<string, string>

interface Ports {
  readonly tcpPorts: readonly number[]
  readonly udpPorts: readonly number[]
}

/** Adds the ports to `holders`, which it returns; a port that is held already keeps its first holder. */
export function holdPorts(holders: Map<string, string>, ports: Ports, holder: string): PortHolders {
  for (const key of portKeys(ports)) if (!holders.has(key)) holders.set(key, holder)
  return holders
}

/** The ports as `8080/tcp`: TCP before UDP, each in the order given. */
export function portKeys({tcpPorts, udpPorts}: Ports): readonly string[] {
  return [...tcpPorts.map((port) => `${port}/tcp`), ...udpPorts.map((port) => `${port}/udp`)]
}
