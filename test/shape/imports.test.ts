// The rules of rooms.cjs hold in src/, and a file that breaks one is caught.
import {execFile} from 'node:child_process'
import {mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const CRUISER = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs')
const RULES = join(ROOT, 'test', 'shape', 'rooms.cjs')

/** The rules broken in the `src` of a folder, as `rule: from -> to`. */
async function broken(folder: string): Promise<readonly string[]> {
  const output = await new Promise<string>((resolve, reject) => {
    const args = [CRUISER, '--config', RULES, '--output-type', 'json', 'src']
    execFile(process.execPath, args, {cwd: folder, maxBuffer: 64 * 1024 * 1024}, (error, stdout) =>
      stdout === '' ? reject(error) : resolve(stdout),
    )
  })
  const {summary} = JSON.parse(output) as {summary: {violations: {from: string; rule: {name: string}; to: string}[]}}
  return summary.violations.map(({from, rule, to}) => `${rule.name}: ${from} -> ${to}`)
}

/** A folder with these files and our tsconfig; `node_modules` are ours. */
async function treeOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-shape-'))
  const tsconfig = JSON.stringify({compilerOptions: {module: 'NodeNext', moduleResolution: 'NodeNext'}})
  for (const [path, text] of Object.entries({...files, 'package.json': '{"type": "module"}', 'tsconfig.json': tsconfig})) {
    await mkdir(dirname(join(folder, path)), {recursive: true})
    await writeFile(join(folder, path), text)
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

describe('the rooms of src/', () => {
  it('keep the direction of imports', async () => {
    expect(await broken(ROOT)).to.deep.equal([])
  })

  it('are guarded: each kind of wrong import is caught', async () => {
    const folder = await treeOf({
      'src/errors.ts': 'export const x = 1\n',
      'src/helpers/some.ts': "import {x} from '../errors.js'\nexport const y = x\n",
      'src/model/a.ts': "import type {B} from './b.js'\nexport interface A {b: B}\n",
      'src/model/b.ts': "import type {A} from './a.js'\nexport interface B {a: A}\n",
      'src/placement/clock.ts': "import {hostname} from 'node:os'\nexport const name = hostname()\n",
      'src/placement/upward.ts': "import type {Engine} from '../world/engine.js'\nexport type E = Engine\n",
      'src/world/engine.ts': 'export interface Engine {id: string}\n',
    })

    const rules = (await broken(folder)).map((violation) => violation.split(':')[0])

    await rm(folder, {force: true, recursive: true})
    expect(rules).to.include.members(['no-circle', 'no-other-room', 'placement-pure-of-node', 'placement-to-rooms'])
  })
})
