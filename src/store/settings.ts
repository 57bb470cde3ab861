// The person's settings in `config.json`. Written through conf (npm), which replaces the file whole and is loaded only then: importing it
// costs more than starting Node, and reading needs no more than JSON.parse.
import {mkdirSync, readFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {StateError} from '../errors.js'
import {quoted, shellWord} from '../model/names.js'
import type {Settings, SettingsStore} from '../world/settings.js'
import {named, readFault, systemCode, writeFault} from './faults.js'

/**
 * Settings in `<folder>/config.json`, mode 0600. Reading throws `StateError` `SettingsCorrupt` or `StateNotReadable`, writing those and
 * `StateNotWritable` or `StateDiskFull`. What is in the file and not of this Berth's settings stays. Of two who write at once the last wins.
 */
export class SettingsFile implements SettingsStore {
  readonly location: string

  constructor(private readonly folder: string) {
    this.location = join(resolve(folder), 'config.json')
  }

  async read(): Promise<Settings> {
    const {currentCluster} = this.#content()
    if (currentCluster === undefined) return {}
    if (typeof currentCluster === 'string') return {currentCluster}
    throw this.#corrupt('names no cluster in "currentCluster"')
  }

  async write(settings: Settings): Promise<void> {
    const {currentCluster: _, ...others} = this.#content()
    const {default: Conf} = await import('conf')
    try {
      mkdirSync(this.folder, {mode: 0o700, recursive: true})
      const conf = new Conf<Record<string, unknown>>({
        clearInvalidConfig: false,
        configFileMode: 0o600,
        configName: 'config',
        cwd: this.folder,
      })
      conf.store = {...others, ...settings}
    } catch (error) {
      throw writeFault(error, named('settings file', this.location), this.folder)
    }
  }

  #content(): Readonly<Record<string, unknown>> {
    const text = this.#text()
    if (text === undefined) return {}
    try {
      const content: unknown = JSON.parse(text)
      if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Readonly<Record<string, unknown>>
    } catch (error) {
      throw this.#corrupt('is not JSON', error)
    }
    throw this.#corrupt('is not a JSON object')
  }

  #text(): string | undefined {
    try {
      return readFileSync(this.location, 'utf8')
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined
      throw readFault(error, named('settings file', this.location), this.location)
    }
  }

  #corrupt(what: string, cause?: unknown): StateError {
    const path = shellWord(this.location)
    return new StateError(
      'SettingsCorrupt',
      `The settings file ${quoted(this.location)} ${what}; mend it, or move it away to begin anew.`,
      {
        cause,
        suggestions: [`mv ${path} ${shellWord(`${this.location}.broken`)}`],
      },
    )
  }
}
