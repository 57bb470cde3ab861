// `npm run readme`: writes the generated parts of README.md anew. Run it after `npm run build`, which writes the manifest.
import {writeFile} from 'node:fs/promises'
import {README, readReadme} from './files.js'

const {current, fresh} = await readReadme()
if (current !== fresh) await writeFile(README, fresh)
process.stdout.write(current === fresh ? 'README.md is fresh.\n' : 'README.md was refreshed.\n')
