// The network of one run: a range of addresses of its own, a bridge for the SSH hosts, a bridge for the local engine's containers.
import {randomInt} from 'node:crypto'
import {run, succeeds} from './programs.js'

/** The addresses and bridges of one run. */
export interface RunNetwork {
  /** The whole range, `10.x.y.0/20`. */
  readonly addresses: string
  /** The bridge that joins the SSH hosts; this machine is `.1` on it. */
  readonly bridge: string
  readonly gateway: string
  /** The bridge of the local engine's containers. */
  readonly containerBridge: string
  /** Where the local engine takes its further networks from. */
  readonly containerPool: string
}

/** Makes both bridges in a range that nothing on this machine uses. Two runs that pick the same range at once: the later one picks again. */
export async function makeNetwork(runId: string): Promise<RunNetwork> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const network = networkAt(runId, `10.${randomInt(32, 224)}`, randomInt(0, 16) * 16)
    if (await isTaken(network.addresses, '')) continue
    await makeBridge(network.bridge, `${network.gateway}/24`)
    if (await isTaken(network.addresses, network.bridge)) {
      await removeNetwork(runId, network.addresses)
      continue
    }
    await makeBridge(network.containerBridge, `${bridgeAddress(network)}/24`)
    // Another engine on this machine may have set the policy of FORWARD to DROP, which also counts between ports of a bridge.
    await run('iptables', ['-w', '-I', ...forwardRule(network.bridge)])
    return network
  }
  throw new Error('No free range of addresses was found in 10.0.0.0/8.')
}

/** Removes the bridges of this run and those that its local engine made; nothing happens to what is already gone. */
export async function removeNetwork(runId: string, addresses: string): Promise<void> {
  const bridge = bridgeName(runId)
  while (await succeeds('iptables', ['-w', '-D', ...forwardRule(bridge)])) {
    // Each call removes one copy of the rule.
  }
  for (const link of await links()) {
    const own = link.name === bridge || link.name === containerBridgeName(runId) || link.name.startsWith(cablePrefix(runId))
    if (own || overlaps(link.range, addresses)) await succeeds('ip', ['link', 'delete', link.name])
  }
}

/** The name of this machine's end of the cable to the host of this number. */
export function cableName(runId: string, number: number): string {
  return `${cablePrefix(runId)}${number}`
}

/** Lays a cable from the bridge into the network of the holder, where it is `eth0` with this address. */
export async function plugIn(network: RunNetwork, cable: string, holderPid: number, address: string): Promise<void> {
  await run('ip', ['link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(holderPid)])
  await run('ip', ['link', 'set', cable, 'master', network.bridge, 'up'])
  const inside = (...args: string[]) => run('nsenter', ['-t', String(holderPid), '-n', 'ip', ...args])
  await inside('link', 'set', 'lo', 'up')
  await inside('addr', 'add', `${address}/24`, 'dev', 'eth0')
  await inside('link', 'set', 'eth0', 'up')
  await inside('route', 'add', 'default', 'via', network.gateway)
}

/** Do the two IPv4 ranges (`a.b.c.d/n`) share an address? An empty range shares none. */
export function overlaps(one: string, other: string): boolean {
  if (one === '' || other === '') return false
  const [a, b] = [bounds(one), bounds(other)]
  return a.first <= b.last && b.first <= a.last
}

function networkAt(runId: string, start: string, third: number): RunNetwork {
  return {
    addresses: `${start}.${third}.0/20`,
    bridge: bridgeName(runId),
    gateway: `${start}.${third}.1`,
    containerBridge: containerBridgeName(runId),
    containerPool: `${start}.${third + 8}.0/21`,
  }
}

function bridgeName(runId: string): string {
  return `berthh${runId}`
}

function containerBridgeName(runId: string): string {
  return `berthc${runId}`
}

function cablePrefix(runId: string): string {
  return `berthv${runId}`
}

function forwardRule(bridge: string): readonly string[] {
  return ['FORWARD', '-i', bridge, '-o', bridge, '-j', 'ACCEPT']
}

function bridgeAddress(network: RunNetwork): string {
  const [a, b, third] = network.gateway.split('.')
  return `${a}.${b}.${Number(third) + 1}.1`
}

async function makeBridge(name: string, address: string): Promise<void> {
  await run('ip', ['link', 'add', name, 'type', 'bridge'])
  await run('ip', ['addr', 'add', address, 'dev', name])
  await run('ip', ['link', 'set', name, 'up'])
}

/** Is a part of the range an address or a route of another link than `own`? */
async function isTaken(range: string, own: string): Promise<boolean> {
  const routes: readonly {readonly dst: string; readonly dev?: string}[] = JSON.parse(await run('ip', ['-4', '-j', 'route']))
  const routed = routes.some((route) => route.dst !== 'default' && route.dev !== own && overlaps(withLength(route.dst), range))
  return routed || (await links()).some((link) => link.name !== own && overlaps(link.range, range))
}

/** Every link with each of its IPv4 ranges; a link without one has the empty range. */
async function links(): Promise<readonly {readonly name: string; readonly range: string}[]> {
  const found: readonly FoundLink[] = JSON.parse(await run('ip', ['-4', '-j', 'addr']))
  const all: readonly FoundLink[] = JSON.parse(await run('ip', ['-j', 'link']))
  const ranged = found.flatMap((link) =>
    (link.addr_info ?? []).map((info) => ({name: link.ifname, range: `${info.local}/${info.prefixlen}`})),
  )
  const bare = all.filter((link) => !ranged.some((other) => other.name === link.ifname)).map((link) => ({name: link.ifname, range: ''}))
  return [...ranged, ...bare]
}

interface FoundLink {
  readonly ifname: string
  readonly addr_info?: readonly {readonly local: string; readonly prefixlen: number}[]
}

function withLength(range: string): string {
  return range.includes('/') ? range : `${range}/32`
}

function bounds(range: string): {readonly first: number; readonly last: number} {
  const [address = '', length = '32'] = range.split('/')
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - Number(length))
  const first = Math.floor(value / size) * size
  return {first, last: first + size - 1}
}
