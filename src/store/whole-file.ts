// A file that comes whole or not at all, and that a power cut may cost: what lies beside the state and can be done without.
import {mkdir, open, rename, rm} from 'node:fs/promises'
import {dirname} from 'node:path'

/** After it `path` holds the content, mode 0600, in a folder of 0700. Two processes may write it at once: the last to finish stands. Throws the system's error. */
export async function writeWhole(path: string, content: Buffer | string): Promise<void> {
  const temporary = `${path}.${process.pid}.new`
  try {
    await mkdir(dirname(path), {mode: 0o700, recursive: true})
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(content)
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    // What made the write fail may forbid this too; then the file stays.
    await rm(temporary, {force: true}).catch(() => undefined)
    throw error
  }
}
