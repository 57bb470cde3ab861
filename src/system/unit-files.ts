// Unit files of systemd, as systemd.unit(5) says where they lie (read 2026-11-27).
import {realpathSync} from 'node:fs'
import {access, mkdir, rm, writeFile} from 'node:fs/promises'
import {dirname, isAbsolute, join} from 'node:path'
import {ConflictError} from '../errors.js'
import {quoted, shellWord} from '../model/names.js'
import type {OwnProgram, UnitFiles, UnitScope} from '../world/unit-files.js'

/** A password stands in no unit: everybody may read those. */
const KEPT_VARIABLES = [
  'PATH',
  'XDG_CONFIG_HOME',
  'XDG_STATE_HOME',
  'BERTH_SSH_CONFIG',
  'BERTH_SSH_PERSIST_SECONDS',
  'BERTH_ETCD_CACERT',
  'BERTH_ETCD_CERT',
  'BERTH_ETCD_KEY',
  'BERTH_ETCD_USER',
  'BERTH_ETCD_PASSWORD_FILE',
  'DOCKER_CONFIG',
] as const

export class SystemUnits implements UnitFiles {
  constructor(
    private readonly machine: {
      readonly environment: Readonly<Record<string, string | undefined>>
      readonly home: string
      readonly user: string
      /** The script that runs, as it was named. */
      readonly script: string
    },
  ) {}

  self(): OwnProgram {
    const {environment, home, script, user} = this.machine
    const kept = KEPT_VARIABLES.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []))
    return {words: [process.execPath, realpathSync(script)], user, home, environment: Object.fromEntries(kept)}
  }

  path(scope: UnitScope, name: string): string {
    if (scope === 'system') return join('/etc/systemd/system', name)
    const {environment, home} = this.machine
    const given = environment['XDG_CONFIG_HOME']
    return join(given !== undefined && isAbsolute(given) ? given : join(home, '.config'), 'systemd/user', name)
  }

  async isThere(path: string): Promise<boolean> {
    return access(path).then(
      () => true,
      () => false,
    )
  }

  async write(path: string, text: string): Promise<void> {
    try {
      await mkdir(dirname(path), {recursive: true})
      await writeFile(path, text, {mode: 0o644})
    } catch (error) {
      throw refusal(error, path)
    }
  }

  async remove(path: string): Promise<boolean> {
    try {
      await rm(path)
      return true
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
      throw refusal(error, path)
    }
  }
}

function refusal(cause: unknown, path: string): ConflictError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'an error'
  return new ConflictError('UnitNotWritable', `The unit ${quoted(path)} cannot be written: the system answered ${code}.`, {
    cause,
    suggestions: [
      'berth controller install --systemd --user',
      'berth controller install --systemd --print',
      `ls -ld ${shellWord(dirname(path))}`,
    ],
  })
}
