// README.md and what it is refreshed from, as they lie in this checkout.
import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {EXIT_CODES} from '../../../src/errors.js'
import {refreshed, sectionsOf} from './sections.js'

/** The path of README.md. */
export const README = fileURLToPath(new URL('../../../README.md', import.meta.url))

const MANIFEST = new URL('../../../oclif.manifest.json', import.meta.url)

/** README.md as it is, and as it should be by the manifest and the exit codes of now. */
export async function readReadme(): Promise<{readonly current: string; readonly fresh: string}> {
  const [current, manifest] = await Promise.all([readFile(README, 'utf8'), readFile(MANIFEST, 'utf8')])
  return {current, fresh: refreshed(current, sectionsOf(JSON.parse(manifest), EXIT_CODES))}
}
