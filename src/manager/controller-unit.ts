// The unit by which systemd runs the controller of a cluster (systemd.service(5), systemd.exec(5); read 2026-11-27).
// What it forbids the process leaves ssh whole: keys, known hosts and the state lie in the home folder and stay readable and writable.
import type {Cluster} from '../model/cluster.js'
import type {OwnProgram, UnitScope} from '../world/unit-files.js'
import type {World} from '../world/world.js'
import {clusterNamed} from './resolve.js'

export interface UnitWanted {
  readonly cluster: string | undefined
  readonly scope: UnitScope
  /** `--metrics`, as it was typed. */
  readonly metrics?: string
  readonly allowClientSecrets: boolean
  readonly logFormat: string
}

/** A unit, where it lies or shall lie, and what is to be typed next. */
export interface Unit {
  readonly name: string
  readonly path: string
  readonly text: string
  readonly next: readonly string[]
}

/** Bounds that need no rights to set; Node writes machine code while it runs, so that stays allowed. */
const HARDENING = ['NoNewPrivileges=yes', 'LockPersonality=yes', 'RestrictRealtime=yes', 'RestrictSUIDSGID=yes']

/** Those that only the system's own systemd may set. */
const SYSTEM_HARDENING = [
  'ProtectSystem=full',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectControlGroups=yes',
  'ProtectClock=yes',
  'CapabilityBoundingSet=',
]

/** After it the unit is there, unless `print`: then it is only told. Throws as `clusterNamed`, and `UnitNotWritable`. */
export async function installUnit(world: World, wanted: UnitWanted & {readonly print: boolean}): Promise<Unit> {
  const cluster = await clusterNamed(world, (await world.store.read()).state, wanted.cluster)
  const name = unitName(cluster)
  const path = world.units.path(wanted.scope, name)
  const text = unitText(cluster, wanted, world.units.self(), world.store.location)
  if (!wanted.print) await world.units.write(path, text)
  return {name, path, text, next: nextWords(wanted.scope, name, 'enable')}
}

/** After it the unit is gone, but for a dry run, which only tells; what systemd runs of it ends with the words that are told. Throws `UnitNotWritable`. */
export async function uninstallUnit(
  world: World,
  wanted: Pick<UnitWanted, 'cluster' | 'scope'> & {readonly dryRun: boolean},
): Promise<Pick<Unit, 'name' | 'path' | 'next'> & {readonly wasThere: boolean}> {
  const cluster = await clusterNamed(world, (await world.store.read()).state, wanted.cluster)
  const name = unitName(cluster)
  const path = world.units.path(wanted.scope, name)
  const wasThere = wanted.dryRun ? await world.units.isThere(path) : await world.units.remove(path)
  return {name, path, wasThere, next: nextWords(wanted.scope, name, 'disable')}
}

function unitName({name}: Pick<Cluster, 'name'>): string {
  return `berth-controller@${name}.service`
}

function nextWords(scope: UnitScope, name: string, verb: 'enable' | 'disable'): readonly string[] {
  const systemctl = scope === 'user' ? 'systemctl --user' : 'systemctl'
  const words = [`${systemctl} daemon-reload`, `${systemctl} ${verb} --now ${name}`]
  if (verb === 'disable') return words.toReversed()
  // Without it a person's units end when the person logs out.
  return scope === 'user' ? [...words, 'loginctl enable-linger'] : words
}

/** The whole file. It may be read by all, so no secret stands in it. */
export function unitText(cluster: Pick<Cluster, 'name'>, wanted: Omit<UnitWanted, 'cluster'>, self: OwnProgram, location: string): string {
  const {environment, home, user, words} = self
  const isSystem = wanted.scope === 'system'
  const runtime = `berth-controller-${cluster.name}`
  const command = [
    ...words,
    ...['controller', 'run', '--cluster', cluster.name, '--state', location, '--log-format', wanted.logFormat],
    ...(wanted.metrics === undefined ? [] : ['--metrics', wanted.metrics]),
    ...(wanted.allowClientSecrets ? ['--allow-client-secrets'] : []),
  ]
  const variables = {HOME: home, ...environment, ...(isSystem ? {XDG_RUNTIME_DIR: `/run/${runtime}`} : {})}
  return [
    '[Unit]',
    `Description=Berth controller of cluster ${cluster.name}`,
    ...(isSystem ? ['Wants=network-online.target', 'After=network-online.target docker.service'] : []),
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${command.map((word) => unitWord(word.replaceAll('$', '$$$$'))).join(' ')}`,
    ...Object.entries(variables).map(([name, value]) => `Environment=${unitWord(`${name}=${value}`)}`),
    ...(isSystem ? [`User=${user}`, `RuntimeDirectory=${runtime}`, 'RuntimeDirectoryMode=0700'] : []),
    'Restart=always',
    'RestartSec=2',
    // The controller is told to end; connections that it keeps go after it.
    'KillMode=mixed',
    'TimeoutStopSec=60',
    'UMask=0077',
    ...HARDENING,
    ...(isSystem ? SYSTEM_HARDENING : []),
    '',
    '[Install]',
    `WantedBy=${isSystem ? 'multi-user.target' : 'default.target'}`,
    '',
  ].join('\n')
}

/** One word of a unit: systemd expands %, and takes blanks and quotes for its own. */
export function unitWord(text: string): string {
  const plain = text.replaceAll('%', '%%')
  return /^[\w@%+=:,./$-]+$/.test(plain) ? plain : `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
