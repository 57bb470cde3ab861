// Files of this machine.
import {realpath} from 'node:fs/promises'
import {resolve} from 'node:path'
import type {ClientFiles} from '../world/client-files.js'
import {textOfFile} from './client-text.js'

export class SystemFiles implements ClientFiles {
  resolve(path: string, folder: string = process.cwd()): string {
    return resolve(folder, path)
  }

  async realPath(path: string): Promise<string | undefined> {
    // Whatever keeps it from being found, it is not there for us.
    return realpath(path).catch(() => undefined)
  }

  read(path: string): Promise<string> {
    return textOfFile(path)
  }
}
